"""The rows of a table of sealed documents or ledgers, in one transaction, and a cached summary of each row.

A row has a name, which is also the scope of its key («case/<id>»), and a random version, never used twice.
"""

from __future__ import annotations

import secrets
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from storage.crypto.keyring import INSTALLATION, Erased, Keyring, ScopeKeys, generation_of, seal, unseal
from storage.crypto.master_key import KeyLost
from storage.schema.documents import documents

#: Versions are below this: their sum fits into 64 bits.
VERSIONS = 2**40
_AT_ONCE = 200


class Held(Protocol):
    """The content of a row; `version` is the row's, None for a new row."""

    version: int | None
    changed: bool

    def text(self) -> str:
        """Return the content as the text to seal."""

    def read(self, text: str) -> None:
        """Load the content from a text. Raise KeyLost if this version of the bot does not know the text."""


H = TypeVar("H", bound=Held)
S = TypeVar("S", bound="Summed")


class Summed(Protocol):
    """A summary of a row."""

    @property
    def readable(self) -> bool:
        """Return whether the row opened at the last try."""


class Known(Generic[S]):
    """A cache with a summary of each row, by the version last read or written. Safe across threads.

    The cache is current if the table has as many rows and the same sum of versions. Versions of a transaction
    that was rolled back do not match, and their rows are read again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: Replaced, never changed: iterating over it needs no lock.
        self._rows: Mapping[str, tuple[int, S]] = {}
        self._total = 0

    def standing(self, number: int, total: int) -> Mapping[str, tuple[int, S]] | None:
        """Return every row if their number and the sum of their versions match, otherwise None."""
        with self._lock:
            return self._rows if (number, total) == (len(self._rows), self._total) else None

    def of(self, name: str, version: int) -> S | None:
        known = self._rows.get(name)
        return known[1] if known is not None and known[0] == version else None

    def note(self, name: str, version: int, summary: S) -> None:
        with self._lock:
            known = self._rows.get(name)
            if known != (version, summary):
                self._total += version - (0 if known is None else known[0])
                self._rows = {**self._rows, name: (version, summary)}

    def note_all(self, standing: Mapping[str, tuple[int, S]]) -> None:
        """Replace the cache by these rows, which are all that exist."""
        with self._lock:
            self._rows, self._total = standing, sum(version for version, _ in standing.values())

    def forget(self, *names: str) -> None:
        self.note_all({name: known for name, known in self._rows.items() if name not in names})


class SealedRows(Generic[H, S]):
    """The rows of a table in one transaction: read once, changed in memory, written at its end."""

    table: ClassVar[Table]
    #: A row is padded to a multiple of this many bytes: most are no longer, so that their size tells little.
    block: ClassVar[int]

    def __init__(self, connection: Connection, keyring: Keyring, known: Known[S]) -> None:
        self.known = known
        #: Whether something could not be opened because its key has been destroyed.
        self.met_erased = False
        self._connection = connection
        self._keyring = keyring
        self._held: dict[str, H | None] = {}

    def anew(self) -> Self:
        """Return the rows of the same transaction, with nothing read."""
        return type(self)(self._connection, self._keyring, self.known)

    # --- of each table ---------------------------------------------------------------------------

    def _new(self, name: str, version: int | None = None) -> H:
        """Return empty content for a row of this name."""
        raise NotImplementedError

    def _summary(self, held: H | None, *, erased: bool = False, readable: bool = True) -> S:
        """Return the summary of a row; `held` is None if the row is erased or does not open."""
        raise NotImplementedError

    def _scope(self, name: str, *, erased: bool) -> str:
        """Return the scope of the key that seals a row."""
        return name

    # --- reading ---------------------------------------------------------------------------------

    def standing(self) -> Mapping[str, tuple[int, S]]:
        """Return all rows with their versions and summaries; open those that are not cached."""
        number, total = self._connection.execute(_of(self.table).state).one()
        known = self.known.standing(int(number), int(total))
        if known is not None:
            return known
        rows: Sequence[Row[Any]] = self._connection.execute(_of(self.table).versions).all()
        versions = {self._name(row): row.version for row in rows}
        found: dict[str, tuple[int, S]] = {}
        for some in _batches(list(versions)):
            # Ask the cache again for each batch: another thread may be opening the rows too.
            summaries = {name: self.known.of(name, versions[name]) for name in some}
            found.update(
                {name: (versions[name], each) for name, each in summaries.items() if each is not None}
            )
            for row in self._rows([name for name, each in summaries.items() if each is None]):
                name, summary = self._name(row), self._look(row)[1]
                found[name] = row.version, summary
                self.known.note(name, row.version, summary)
        self.known.note_all(found)
        return found

    def all(self) -> Iterator[tuple[str, S]]:
        return ((name, summary) for name, (_, summary) in self.standing().items())

    def load(self, name: str) -> H | None:
        """Return a row's content in this transaction; None if it is missing or erased. May raise KeyLost."""
        if name not in self._held:
            row = self._row(name)
            self._held[name] = None if row is None else self._opened(row)
        return self._held[name]

    def forget_unreadable(self) -> None:
        """Forget the rows that did not open, so that they are tried again: their keys may be back."""
        self.known.forget(*(name for name, (_, summary) in self.standing().items() if not summary.readable))

    def _opened(self, row: Row[Any]) -> H | None:
        held, summary = self._look(row)
        self.known.note(self._name(row), row.version, summary)
        if isinstance(held, KeyLost):
            raise held
        return held

    def _look(self, row: Row[Any]) -> tuple[H | KeyLost | None, S]:
        """Return a row's content, or why it does not open, and its summary."""
        name, erased = self._name(row), getattr(row, "erased", False)
        held = self._new(name, row.version)
        try:
            if erased and row.sealed is None:
                raise Erased
            scope = self._scope(name, erased=erased)
            held.read(self._open(scope, self._place(name, row.version), row.sealed or b""))
        except Erased:
            self.met_erased = self.met_erased or not erased
            return None, self._summary(None, erased=erased)
        except KeyLost as error:
            return error, self._summary(None, erased=erased, readable=False)
        return held, self._summary(held, erased=erased)

    def _row(self, name: str) -> Row[Any] | None:
        return self._connection.execute(_of(self.table).row, self._this(name)).one_or_none()

    def _version(self, name: str) -> int | None:
        return self._connection.scalar(_of(self.table).version, self._this(name))

    def _rows(self, names: Sequence[str]) -> Iterator[Row[Any]]:
        for some in _batches(names):
            keys = [tuple(self._this(name).values()) for name in some]
            yield from self._connection.execute(_of(self.table).rows, {"keys": keys})

    def _name(self, row: Row[Any]) -> str:
        return "/".join(row[: len(self.table.primary_key)])

    def _this(self, name: str) -> dict[str, str]:
        columns = [f"this_{column.name}" for column in self.table.primary_key]
        return dict(zip(columns, name.split("/", len(columns) - 1), strict=True))

    def _place(self, name: str, version: int) -> str:
        """Return the place that a row is sealed for; it does not open elsewhere."""
        return ":".join((self.table.name, *self._this(name).values(), str(version)))

    # --- sealing ---------------------------------------------------------------------------------

    def _keys(self, scope: str, *, new: bool = False) -> ScopeKeys:
        """Return the newest keys of a scope; `new` makes them if it has none.

        Raises:
            Erased: they have been destroyed.
        """
        keys = self._keyring.keys(scope)
        if keys is None and new and not self._is_known(scope):
            return self._keyring.kept(scope)
        return keys or self._keyring.needed(scope)

    def _is_known(self, scope: str) -> bool:
        """Return whether rows of the scope may be sealed with a lost key: a new key would hide the loss."""
        word, _, id = scope.partition("/")
        there = select(documents.c.id).where(documents.c.kind == word, documents.c.id == id)
        return word == INSTALLATION or self._connection.scalar(there) is not None

    def _seal(self, keys: ScopeKeys, place: str, text: str) -> bytes:
        """Return a text, compressed, padded and sealed for `place`."""
        # The lowest level, which leaves a fifth: every change of a case compresses the text again.
        return seal(keys, place.encode(), zlib.compress(text.encode(), 1), self.block)

    def _open(self, scope: str, place: str, sealed: bytes) -> str:
        keys = self._keyring.needed(scope, generation_of(sealed))
        return zlib.decompress(unseal(keys, place.encode(), sealed)).decode()

    # --- writing ---------------------------------------------------------------------------------

    def flush(self) -> dict[str, int]:
        """Write the changed rows; return their new versions by name."""
        written: dict[str, int] = {}
        for name, held in sorted(self._held.items()):
            if held is not None and held.changed:
                held.changed = False
                written[name] = self._write(name, held)
        return written

    def _write(self, name: str, held: H, *, erased: bool = False) -> int:
        version = secrets.randbelow(VERSIONS)
        scope, place = self._scope(name, erased=erased), self._place(name, version)
        sealed = self._seal(self._keys(scope, new=held.version is None), place, held.text())
        values: dict[str, Any] = {"version": version, "sealed": sealed}
        if "erased" in self.table.c:
            values["erased"] = erased
        if held.version is None:
            key = (column.name for column in self.table.primary_key)
            values |= zip(key, self._this(name).values(), strict=True)
            self._connection.execute(insert(self.table), values)
        else:
            self._change(name, values)
        held.version = version
        self.known.note(name, version, self._summary(held, erased=erased))
        return version

    def _change(self, name: str, values: Mapping[str, Any]) -> None:
        self._connection.execute(_of(self.table).change, {**self._this(name), **values})

    def _delete(self, name: str) -> None:
        self._connection.execute(_of(self.table).delete, self._this(name))
        self.known.forget(name)

    def seal_anew(self) -> int:
        """Seal every row that opens with its newest keys; return how many."""
        number = 0
        for row in self._connection.execute(select(self.table)).all():
            name, place = self._name(row), self._place(self._name(row), row.version)
            scope = self._scope(name, erased=getattr(row, "erased", False))
            try:
                text = self._open(scope, place, row.sealed or b"")
                self._change(name, {"sealed": self._seal(self._keys(scope), place, text)})
            except (Erased, KeyLost):
                continue
            number += 1
        return number


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE))


class _Statements:
    def __init__(self, table: Table) -> None:
        key = list(table.primary_key)
        this = and_(*(column == bindparam(f"this_{column.name}") for column in key))
        self.row = select(table).where(this)
        self.version = select(table.c.version).where(this)
        self.change = update(table).where(this)
        self.delete = delete(table).where(this)
        self.rows = select(table).where(tuple_(*key).in_(bindparam("keys", expanding=True)))
        self.versions: Select[Any] = select(*key, table.c.version)
        total = func.coalesce(func.sum(table.c.version), literal_column("0"))
        self.state = select(func.count(), total).select_from(table)


_of = cache(_Statements)

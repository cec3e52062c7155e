"""The rows of a table that are sealed whole, documents or ledgers: as one transaction has them, and what is
known of all of them.

A row has a name, which is the scope of its key too («case/<id>»), and a random version, none used twice.
"""

from __future__ import annotations

import secrets
import threading
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

from storage.crypto.keyring import Erased
from storage.crypto.master_key import KeyLost
from storage.crypto.transaction_keys import TransactionKeys

#: Sums of versions fit into 64 bits.
VERSIONS = 2**40
_AT_ONCE = 200


class Held(Protocol):
    """What a row holds; `version` is that of the row, None for a new one."""

    version: int | None
    changed: bool

    def text(self) -> str:
        """It as the text that is sealed."""

    def read(self, text: str) -> None:
        """Take in what a text holds. KeyLost if it is none that this version of the bot knows."""


H = TypeVar("H", bound=Held)
S = TypeVar("S", bound="Summed")


class Summed(Protocol):
    """A summary of a row."""

    @property
    def readable(self) -> bool:
        """Return whether it opened when somebody last tried."""


class Known(Generic[S]):
    """A summary of each row, by the version that was read or written last. Safe among threads.

    If there are as many rows as are known here, and their versions sum up to the same, they are the same.
    What has been rolled back does not fit, and is read anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: Never changed, but replaced: whoever goes through it needs no lock.
        self._rows: Mapping[str, tuple[int, S]] = {}
        self._total = 0

    def standing(self, number: int, total: int) -> Mapping[str, tuple[int, S]] | None:
        """Every row, if there are so many and their versions sum up to that."""
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
        """These are all that there are."""
        with self._lock:
            self._rows, self._total = standing, sum(version for version, _ in standing.values())

    def forget(self, *names: str) -> None:
        self.note_all({name: known for name, known in self._rows.items() if name not in names})


class SealedRows(Generic[H, S]):
    """The rows of a table as one transaction sees and leaves them: read once, changed in memory, written at
    its end.
    """

    table: ClassVar[Table]

    def __init__(self, connection: Connection, keys: TransactionKeys, known: Known[S]) -> None:
        self.known = known
        self._connection = connection
        self._keys = keys
        self._held: dict[str, H | None] = {}

    def anew(self) -> Self:
        """The rows of the same transaction, with nothing read."""
        return type(self)(self._connection, self._keys, self.known)

    # --- of each table ---------------------------------------------------------------------------

    def _new(self, name: str, version: int | None = None) -> H:
        """What a row of this name is to hold, empty."""
        raise NotImplementedError

    def _summary(self, held: H | None, *, erased: bool = False, readable: bool = True) -> S:
        """What is to be known of a row; `held` is None where it is erased, or does not open."""
        raise NotImplementedError

    def _block(self, name: str) -> int:
        """The size of which a row's is a multiple."""
        raise NotImplementedError

    def _scope(self, name: str, *, erased: bool) -> str:
        """The scope of the key with which it is sealed."""
        return name

    # --- reading ---------------------------------------------------------------------------------

    def standing(self) -> Mapping[str, tuple[int, S]]:
        """All rows, their versions and what is known of them; each unknown one is opened."""
        number, total = self._connection.execute(_of(self.table).state).one()
        known = self.known.standing(int(number), int(total))
        if known is not None:
            return known
        rows: Sequence[Row[Any]] = self._connection.execute(_of(self.table).versions).all()
        versions = {self._name(row): row.version for row in rows}
        found: dict[str, tuple[int, S]] = {}
        for some in _batches(list(versions)):
            # Asked anew for each: another thread may be opening them too.
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
        """Yield all rows, with what is known of them."""
        return ((name, summary) for name, (_, summary) in self.standing().items())

    def let_go(self) -> None:
        """Have nothing read any more."""
        self._held.clear()

    def load(self, name: str) -> H | None:
        """What a row holds, as this transaction has it; None if there is none, or it is erased. KeyLost."""
        if name not in self._held:
            row = self._row(name)
            self._held[name] = None if row is None else self._opened(row)
        return self._held[name]

    def forget_unreadable(self) -> None:
        """What did not open is tried again: its key may have been brought back."""
        self.known.forget(*(name for name, (_, summary) in self.standing().items() if not summary.readable))

    def _opened(self, row: Row[Any]) -> H | None:
        held, summary = self._look(row)
        self.known.note(self._name(row), row.version, summary)
        if isinstance(held, KeyLost):
            raise held
        return held

    def _look(self, row: Row[Any]) -> tuple[H | KeyLost | None, S]:
        """What a row holds, or why it does not open, and what is to be known of it."""
        name, erased = self._name(row), getattr(row, "erased", False)
        held = self._new(name, row.version)
        try:
            if erased and row.sealed is None:
                raise Erased
            scope = self._scope(name, erased=erased)
            held.read(self._keys.open(scope, self._place(name, row.version), row.sealed or b""))
        except Erased:
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
        """What a row is sealed for: elsewhere it does not open."""
        return ":".join((self.table.name, *self._this(name).values(), str(version)))

    # --- writing ---------------------------------------------------------------------------------

    def flush(self) -> dict[str, int]:
        """Write what has been changed; the new versions, by name."""
        written: dict[str, int] = {}
        for name, held in sorted(self._held.items()):
            if held is not None and held.changed:
                held.changed = False
                written[name] = self._write(name, held)
        return written

    def _write(self, name: str, held: H, *, erased: bool = False) -> int:
        version = secrets.randbelow(VERSIONS)
        scope, place = self._scope(name, erased=erased), self._place(name, version)
        sealed = self._keys.seal(scope, place, held.text(), new=held.version is None, block=self._block(name))
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

    def seal_anew(self, keys: TransactionKeys) -> int:
        """Seal every row with these keys, but those that do not open; how many."""
        number = 0
        for row in self._connection.execute(select(self.table)).all():
            name, place = self._name(row), self._place(self._name(row), row.version)
            scope = self._scope(name, erased=getattr(row, "erased", False))
            try:
                text = self._keys.open(scope, place, row.sealed or b"")
                self._change(name, {"sealed": keys.seal(scope, place, text, block=self._block(name))})
            except (Erased, KeyLost):
                continue
            number += 1
        return number


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE))


class _Statements:
    """What is asked of a table."""

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

"""The documents of one transaction: found, read once, changed in memory, and written at its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.domain.case.entities import Case, Room
from bot.domain.errors import Overtaken
from bot.domain.room import is_in_sight
from storage.crypto.keyring import INSTALLATION, Erased
from storage.crypto.master_key import KeyLost
from storage.crypto.transaction_keys import TransactionKeys
from storage.documents.aggregates import (
    AGGREGATE_OF,
    AGGREGATES,
    DIRECTORY,
    KINDS,
    ONLY_ONE,
    PART_IDS,
    SOUGHT,
    SOUGHT_WHILE,
    Aggregate,
    Key,
    Token,
    id_token,
    tokens,
)
from storage.documents.document import Document
from storage.documents.index import Facts, Index, State
from storage.kinds import equals
from storage.schema.documents import HAS_KEY, OF_INSTALLATION, documents

E = TypeVar("E")

#: Sums of versions fit into 64 bits.
VERSIONS = 2**40
_ROWS_AT_ONCE = 200

_STATE = (
    select(func.count(), func.coalesce(func.sum(documents.c.version), literal_column("0")))
    .select_from(documents)
    .where(HAS_KEY)
)
_ROWS = select(documents).where(
    tuple_(documents.c.kind, documents.c.id).in_(bindparam("keys", expanding=True))
)
_VERSIONS_OF_ALL = select(documents.c.kind, documents.c.id, documents.c.version).where(HAS_KEY)
_LIVING = _VERSIONS_OF_ALL.where(documents.c.erased.is_(False))
_OF_KIND = select(documents.c.id).where(documents.c.kind == bindparam("this_kind"))
_THIS = (documents.c.kind == bindparam("this_kind"), documents.c.id == bindparam("this_id"))
_CHANGE = update(documents).where(*_THIS, documents.c.version == bindparam("was"))
_NEW: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("version", "sealed")}
_ROW = select(documents).where(*_THIS)
_VERSION = select(documents.c.version).where(*_THIS)
_REMOVE = delete(documents).where(*_THIS)
_WRITE = _CHANGE.values(**_NEW)
_ERASE = _CHANGE.values(**_NEW, erased=True)


class Documents:
    """The documents as one transaction sees and leaves them."""

    def __init__(self, connection: Connection, keys: TransactionKeys, index: Index) -> None:
        self._connection = connection
        self._keys = keys
        self._index = index
        self._held: dict[Key, Document | None] = {}
        #: How many documents there are here, and what their versions sum up to, once it has been asked.
        self._state: State | None = None

    # --- finding -------------------------------------------------------------------------------

    def get(self, kind: type[E], id: str) -> E | None:
        """The entity with this id, or None."""
        document = self._document_with(kind, id)
        return None if document is None else document.get(kind, id)

    def find(self, kind: type[E], where: Mapping[str, Any]) -> list[E]:
        """As `UnitOfWork.find`. What does not open is left out, unless its document is named."""
        wanted = {n: frozenset(v) if isinstance(v, tuple | list) else v for n, v in where.items()}
        found = (
            entity
            for document in self._candidates(kind, where)
            for entity in document.all(kind)
            if all(equals(getattr(entity, name), value) for name, value in wanted.items())
        )
        return KINDS[kind].sorted(found)

    def load(self, key: Key) -> Document | None:
        """The document, as this transaction has it; None if there is none, or it is erased.

        KeyLost if it cannot be read.
        """
        if key not in self._held:
            if AGGREGATES[key[0]].single:
                self._held[key] = self._shared(key)
            else:
                row = self._row(key)
                self._held[key] = None if row is None else self._opened(row)
        return self._held[key]

    def _shared(self, key: Key) -> Document | None:
        """A document as whoever read it last has opened it, unless it has been changed since."""
        version = self._connection.scalar(_VERSION, {"this_kind": key[0], "this_id": key[1]})
        known = self._index.shared.get(key)
        if version is not None and known is not None and known.version == version:
            return known
        row = self._row(key)
        document = None if row is None else self._opened(row)
        if document is not None:
            self._share(document)
        return document

    def _share(self, document: Document) -> None:
        document.shared = True
        self._index.shared[document.key] = document

    def is_known(self, key: Key) -> bool:
        """Return whether there is, or has been, such a document, whether or not it opens."""
        return self._row(key) is not None

    def for_update(self, key: Key) -> Document | None:
        """As `load`, to be changed."""
        document = self.load(key)
        if document is not None and document.shared:
            document = self._held[key] = document.copy()
        return document

    def living(self) -> Iterator[tuple[Key, Facts]]:
        """Yield all that are not erased, with their facts."""
        self._sync_index()
        for kind, id, version in self._connection.execute(_LIVING).all():
            yield (kind, id), self._index.facts((kind, id), version) or self._index_rows([(kind, id)])

    def versions(self) -> dict[str, int]:
        """The versions of all that are not erased, by scope."""
        rows = self._connection.execute(_LIVING).all()
        return {f"{kind}/{id}": version for kind, id, version in rows}

    def unreadable(self) -> list[Key]:
        """The documents that are not erased and, when somebody last tried, did not open: their key is lost,
        or they have been damaged. So is a directory that is gone.
        """
        living = list(self.living())
        found = [key for key, facts in living if not facts.readable]
        for key in (aggregate.only_key for aggregate in AGGREGATES.values() if aggregate.single):
            row = self._row(key)
            try:
                if row is not None:
                    self._opened(row)
                elif key == DIRECTORY.only_key and living:
                    found.append(key)
            except KeyLost:
                found.append(key)
        return found

    def drop_unreadable(self, word: str) -> None:
        """Delete those of one kind that do not open: nobody can use them, nor see how old they are."""
        for id in self._connection.scalars(_OF_KIND, {"this_kind": word}).all():
            try:
                self.load((word, id))
            except KeyLost:
                self._connection.execute(_REMOVE, {"this_kind": word, "this_id": id})

    def opens(self, key: Key) -> bool:
        """Return whether it opened when somebody last tried, is erased, or is not there."""
        if self._state is None:
            self._sync_index()
        version = self._connection.scalar(_VERSION, {"this_kind": key[0], "this_id": key[1]})
        facts = None if version is None else self._index.facts(key, version)
        return facts is None or facts.readable

    def _document_with(self, kind: type[Any], id: str) -> Document | None:
        aggregate = AGGREGATE_OF[kind]
        if aggregate.single:
            return self.load(aggregate.only_key)
        if kind is aggregate.root:
            return self.load((aggregate.word, id))
        for document in self._held.values():
            if document is not None and document.get(kind, id) is not None:
                return document
        return next(iter(self._load_all(self._keys_by(aggregate, [id_token(id)]), named=True)), None)

    def _candidates(self, kind: type[Any], where: Mapping[str, Any]) -> Iterable[Document]:
        """The documents in which what is looked for may be."""
        aggregate = AGGREGATE_OF[kind]
        for name in where.keys() - set(KINDS[kind].names):
            raise TypeError(f"{kind.__name__} cannot be found by {name!r}")
        if aggregate.single:
            document = self.load(aggregate.only_key)
            return () if document is None else (document,)
        named = where.get(aggregate.naming(kind))
        if named is not None:
            return self._load_all([(aggregate.word, id) for id in _values(named)], named=True)
        for name in (n for n in where if where[n] is not None):
            if name in SOUGHT.get(kind, ()) and where.get(SOUGHT_WHILE.get(kind, ""), None) is None:
                wanted = [(kind.__name__, name, value) for value in _values(where[name])]
                return self._load_all(self._keys_by(aggregate, wanted))
            if name in PART_IDS:
                return self._load_all(self._keys_by(aggregate, map(id_token, _values(where[name]))))
        alive = where.get("purged_at", ...) is None
        query = _OF_KIND.where(documents.c.erased.is_(False)) if alive else _OF_KIND
        ids = self._connection.scalars(query, {"this_kind": aggregate.word})
        return self._load_all(
            dict.fromkeys([*((aggregate.word, id) for id in ids), *self._changed(aggregate)])
        )

    def _keys_by(self, aggregate: Aggregate, wanted: Iterable[tuple[str, str, Any]]) -> list[Key]:
        self._sync_index()
        places = {key for token in wanted for key in self._index.places(token)}
        places.update(self._changed(aggregate))
        return sorted(key for key in places if key[0] == aggregate.word)

    def _changed(self, aggregate: Aggregate) -> list[Key]:
        return [k for k, d in self._held.items() if d is not None and d.edits and k[0] == aggregate.word]

    def _load_all(self, keys: Iterable[Key], *, named: bool = False) -> Iterator[Document]:
        """Yield these documents as far as they are there; what does not open is raised if it is `named`."""
        wanted = list(keys)
        missing = [key for key in wanted if key not in self._held]
        for some in (missing[at : at + _ROWS_AT_ONCE] for at in range(0, len(missing), _ROWS_AT_ONCE)):
            self._held.update(dict.fromkeys(some))
            for row in self._connection.execute(_ROWS, {"keys": some}):
                try:
                    self._held[row.kind, row.id] = self._opened(row)
                except KeyLost:
                    del self._held[row.kind, row.id]
                    if named:
                        raise
        for key in wanted:
            if (document := self._held.get(key)) is not None:
                yield document

    def _sync_index(self) -> None:
        """Have the index know every version that this transaction sees."""
        number, total = self._connection.execute(_STATE).one()
        self._state = (int(number), int(total))
        if self._index.knows_state(self._state):
            return
        rows = self._connection.execute(_VERSIONS_OF_ALL).all()
        unknown = [(r.kind, r.id) for r in rows if not self._index.knows((r.kind, r.id), r.version)]
        for some in (unknown[at : at + _ROWS_AT_ONCE] for at in range(0, len(unknown), _ROWS_AT_ONCE)):
            self._index_rows(some)
        self._state = (len(rows), sum(row.version for row in rows))
        self._index.note_state(self._state)

    def _index_rows(self, keys: list[Key]) -> Facts:
        """Have the index know these as they are now; the facts of the last."""
        facts = Facts()
        for row in self._connection.execute(_ROWS, {"keys": keys}).all():
            try:
                document = self._opened(row)
            except KeyLost:
                facts = Facts(readable=False)
                continue
            facts = Facts() if document is None else _facts_of(document)
            self._index.note((row.kind, row.id), row.version, _tokens_of(document), facts)
        return facts

    # --- changing ------------------------------------------------------------------------------

    def add(self, entity: Any) -> None:
        """Take a new entity in. Overtaken if it may exist only once and does."""
        kind = type(entity)
        self._refuse_second(entity)
        key = AGGREGATE_OF[kind].key_of(entity)
        document = self.for_update(key)
        if document is None:
            if key == DIRECTORY.only_key and self._connection.execute(_LIVING.limit(1)).first() is not None:
                raise KeyLost("the directory is gone: restore a backup")
            document = self._held[key] = Document(key)
        document.put(entity, new=True)

    def change(self, entity: E, changes: Mapping[str, Any]) -> E:
        """As `UnitOfWork.change`."""
        kind = type(entity)
        found = self._document_with(kind, entity.id)  # type: ignore[attr-defined]
        document = None if found is None else self.for_update(found.key)
        stored = None if document is None else document.get(kind, entity.id)  # type: ignore[attr-defined]
        if (
            document is None
            or stored is None
            or any(getattr(stored, n) != getattr(entity, n) for n in changes)
        ):
            raise Overtaken(what=kind.__name__)
        if changes:
            changed = replace(stored, **changes)  # type: ignore[type-var]
            if changes.keys() & set(ONLY_ONE.get(kind, ())):
                self._refuse_second(changed)
            document.put(changed)
        return replace(entity, **changes)  # type: ignore[type-var]

    def remove(self, kind: type[Any], id: str) -> None:
        """Take an entity out; one that is gone is none."""
        found = self._document_with(kind, id)
        document = None if found is None else self.for_update(found.key)
        if document is not None:
            document.remove(kind, id)

    def emptied(self) -> Documents:
        """The documents of the same transaction, with nothing read."""
        return Documents(self._connection, self._keys, self._index)

    def _refuse_second(self, entity: Any) -> None:
        kind = type(entity)
        same = {name: getattr(entity, name) for name in ONLY_ONE.get(kind, ())}
        if not any(same.values()) or same.get("purged_at") is not None:
            return
        if any(other.id != entity.id for other in self.find(kind, same)):
            raise Overtaken(what=kind.__name__)

    def erase_unread(self, key: Key) -> None:
        """Leave nothing of one whose key has been destroyed before it was written as erased."""
        version = secrets.randbelow(VERSIONS)
        row = self._row(key)
        if row is not None:
            values = {"was": row.version, "new_version": version, "new_sealed": None}
            self._connection.execute(_ERASE, {"this_kind": key[0], "this_id": key[1], **values})

    def flush(self) -> dict[str, int]:
        """Write what has been changed; the new versions of what has a key of its own, by scope."""
        written: dict[str, int] = {}
        for key, document in sorted(self._held.items()):
            if document is not None and document.edits:
                before = document.version
                self._write(key, document)
                document.edits = 0
                if key[0] not in OF_INSTALLATION:
                    self._note_state(before, document.version)
                    if document.version is not None and not document.is_over:
                        written["/".join(key)] = document.version
        return written

    def _note_state(self, before: int | None, after: int | None) -> None:
        """Have the index know the state after a change too, so that nobody has to look around for it."""
        if self._state is not None and after is not None:
            number, total = self._state
            self._state = (number + (before is None), total - (before or 0) + after)
            self._index.note_state(self._state)

    def _write(self, key: Key, document: Document) -> None:
        this = {"this_kind": key[0], "this_id": key[1]}
        if document.is_empty:
            self._connection.execute(_REMOVE, this)
            document.version = None
            return
        aggregate = document.aggregate
        if document.root is None and not aggregate.single:
            raise LookupError(f"{'/'.join(key)} has parts, and is not there itself")
        document.refuse_loose()
        if over := document.is_over:
            document.strip()
        version = secrets.randbelow(VERSIONS)
        scope = _scope(key, erased=over)
        new = document.version is None
        sealed = self._keys.seal(scope, _place(key, version), document.text(), new=new, block=aggregate.block)
        if new:
            values = {"kind": key[0], "id": key[1], "version": version, "erased": over, "sealed": sealed}
            try:
                self._connection.execute(insert(documents), values)
            except IntegrityError as error:
                raise Overtaken(what=aggregate.root.__name__) from error
        else:
            values = {**this, "was": document.version, "new_version": version, "new_sealed": sealed}
            if self._connection.execute(_ERASE if over else _WRITE, values).rowcount != 1:
                raise Overtaken(what=aggregate.root.__name__)
        document.version = version
        if aggregate.single:
            # Also if this is rolled back: then nobody ever sees that version.
            self._share(document.copy())
        if key[0] not in OF_INSTALLATION:
            self._index.note(key, version, _tokens_of(document), _facts_of(document))

    # --- opening -------------------------------------------------------------------------------

    def _row(self, key: Key) -> Row[Any] | None:
        return self._connection.execute(_ROW, {"this_kind": key[0], "this_id": key[1]}).one_or_none()

    def _opened(self, row: Row[Any]) -> Document | None:
        """The document of a row; None if it is erased, KeyLost if it does not open."""
        key = (row.kind, row.id)
        document = Document(key, row.version)
        if row.sealed is None and row.kind not in OF_INSTALLATION:
            return None
        try:
            scope = _scope(key, erased=row.erased)
            document.read(self._keys.open(scope, _place(key, row.version), row.sealed or b""))
        except Erased:
            return None
        except KeyLost:
            self._index.note_unreadable(key, row.version)
            raise
        return document


def _tokens_of(document: Document | None) -> Iterator[Token]:
    for theirs in document.entities.values() if document is not None else ():
        for entity in theirs.values():
            yield from tokens(entity)


def _facts_of(document: Document) -> Facts:
    root = document.root
    rooms = document.all(Room)
    return Facts(
        team_id=root.team_id,
        opened=root.opened_at.timestamp() if isinstance(root, Case) else 0.0,
        erasing_since=root.erasing_since,
        open_room=any(not room.archived and is_in_sight(room.trouble) for room in rooms),
    )


def reseal_documents(connection: Connection, old: TransactionKeys, new: TransactionKeys) -> int:
    """Seal every document anew, but those that do not open; how many."""
    resealed = 0
    for row in connection.execute(select(documents).where(documents.c.sealed.is_not(None))).all():
        key, place = (row.kind, row.id), _place((row.kind, row.id), row.version)
        scope, block = _scope(key, erased=row.erased), AGGREGATES[row.kind].block
        try:
            again = new.seal(scope, place, old.open(scope, place, row.sealed), block=block)
        except (Erased, KeyLost):
            continue
        where = (documents.c.kind == row.kind, documents.c.id == row.id)
        connection.execute(update(documents).where(*where).values(sealed=again))
        resealed += 1
    return resealed


def _scope(key: Key, *, erased: bool) -> str:
    return INSTALLATION if erased or key[0] in OF_INSTALLATION else "/".join(key)


def _place(key: Key, version: int) -> str:
    return f"documents:{key[0]}:{key[1]}:{version}"


def _values(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value]

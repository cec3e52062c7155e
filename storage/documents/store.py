"""The documents of one transaction: found, read once, changed in memory, and written at its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.domain.errors import Overtaken
from storage.crypto.keyring import INSTALLATION, Keyring
from storage.crypto.master_key import KeyLost
from storage.documents.aggregates import (
    AGGREGATE_OF,
    DIRECTORY,
    KINDS,
    UNIQUE_ACROSS_DOCUMENTS,
    Aggregate,
    Key,
    aggregate_of,
)
from storage.documents.document import Document
from storage.kinds import compared, equals
from storage.schema.documents import DRAFT, OF_INSTALLATION, documents
from storage.sealed_rows import VERSIONS, Known, SealedRows

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as last read or written, which is shared and never changed.

    `document` is None if nothing is left of it, or if it does not open (`readable`).
    """

    document: Document | None
    erased: bool
    readable: bool


class Documents(SealedRows[Document, Stored]):
    table = documents
    block = 8 * 1024

    def __init__(self, connection: Connection, keyring: Keyring, known: Known[Stored]) -> None:
        super().__init__(connection, keyring, known)
        #: The documents that this transaction has begun to change: they are not shared.
        self._own: set[Key] = set()

    # --- finding -------------------------------------------------------------------------------

    def get(self, kind: type[E], id: str) -> E | None:
        document = self._document_with(kind, id)
        return None if document is None else document.get(kind, id)

    def find(self, kind: type[E], where: Mapping[str, Any]) -> list[E]:
        """As `UnitOfWork.find`. Documents that do not open are left out unless `where` names them."""
        wanted = {n: frozenset(v) if isinstance(v, tuple | list) else v for n, v in where.items()}
        found = (
            entity
            for document in self._candidates(kind, where)
            if document is not None
            for entity in document.all(kind)
            if all(equals(getattr(entity, name), value) for name, value in wanted.items())
        )
        return KINDS[kind].sorted(found)

    def load(self, name: Key) -> Document | None:
        if name not in self._held:
            _, stored = self.standing().get(name, (0, None))
            if stored is not None and not stored.readable:
                return super().load(name)
            self._held[name] = None if stored is None else stored.document
        return self._held[name]

    def for_update(self, key: Key) -> Document | None:
        """As `load`, for a change."""
        document = self.load(key)
        if document is not None and key not in self._own:
            self._own.add(key)
            document = self._held[key] = document.copy()
        return document

    def living(self) -> Iterator[tuple[Key, Document | None]]:
        """Yield the documents that have keys of their own and are not erased; None for one not to be read."""
        for name, stored in self.all():
            if not stored.erased and not _is_installations(name):
                yield name, stored.document

    def unreadable(self) -> list[Key]:
        """Return unerased documents that did not open at the last try, or a directory that is missing.

        Their key is lost, or they have been damaged.
        """
        found = [name for name, stored in self.all() if not (stored.readable or stored.erased)]
        if DIRECTORY.only_key not in self.standing() and next(self.living(), None) is not None:
            found.append(DIRECTORY.only_key)
        return [name for name in found if aggregate_of(name).word != DRAFT]

    def opens(self, key: Key) -> bool:
        """Return whether a document opened at the last try, is erased, or does not exist."""
        known = self.standing().get(key)
        return known is None or known[1].readable

    def _document_with(self, kind: type[Any], id: str) -> Document | None:
        aggregate = AGGREGATE_OF[kind]
        if aggregate.single:
            return self.load(aggregate.only_key)
        if kind is aggregate.root:
            return self.load(f"{aggregate.word}/{id}")
        return next((each for each in self._all_of(aggregate) if each.get(kind, id) is not None), None)

    def _candidates(self, kind: type[Any], where: Mapping[str, Any]) -> Iterable[Document | None]:
        aggregate = AGGREGATE_OF[kind]
        for name in where.keys() - set(KINDS[kind].names):
            raise TypeError(f"{kind.__name__} cannot be found by {name!r}")
        if aggregate.single:
            return [self.load(aggregate.only_key)]
        named = where.get(aggregate.naming(kind))
        if named is None:
            return self._all_of(aggregate)
        ids = named if isinstance(named, tuple | list) else [named]
        return [self.load(f"{aggregate.word}/{id}") for id in dict.fromkeys(ids)]

    def _all_of(self, aggregate: Aggregate) -> Iterator[Document]:
        """Yield the documents of an aggregate that open, as this transaction has changed them."""
        there = {name: stored.document for name, stored in self.all()} | self._held
        return (each for each in there.values() if each is not None and each.aggregate is aggregate)

    # --- changing ------------------------------------------------------------------------------

    def add(self, entity: Any) -> None:
        """Add a new entity. Raise Overtaken if it may exist only once and exists already."""
        self._refuse_second(entity)
        key = AGGREGATE_OF[type(entity)].key_of(entity)
        document = self.for_update(key)
        if document is None:
            if key == DIRECTORY.only_key and next(self.living(), None) is not None:
                raise KeyLost("the directory is gone: restore a backup")
            self._own.add(key)
            document = self._held[key] = Document(key)
        document.put(entity, new=True)

    def change(self, entity: E, changes: Mapping[str, Any]) -> E:
        """As `UnitOfWork.change`."""
        kind, id = type(entity), getattr(entity, "id")  # noqa: B009 - E is any entity
        found = self._document_with(kind, id)
        document = None if found is None else self.for_update(found.key)
        changed = compared(None if document is None else document.get(kind, id), entity, changes)
        if document is not None and changes:
            if changes.keys() & set(UNIQUE_ACROSS_DOCUMENTS.get(kind, ())):
                self._refuse_second(changed)
            document.put(changed)
        return replace(entity, **changes)  # type: ignore[type-var]

    def remove(self, entity: Any) -> None:
        """Remove an entity, if it still exists."""
        found = self._document_with(type(entity), entity.id)
        document = None if found is None else self.for_update(found.key)
        if document is not None:
            document.remove(type(entity), entity.id)

    def _refuse_second(self, entity: Any) -> None:
        kind = type(entity)
        same = {name: getattr(entity, name) for name in UNIQUE_ACROSS_DOCUMENTS.get(kind, ())}
        if not any(same.values()) or same.get("purged_at") is not None:
            return
        if any(other.id != entity.id for other in self.find(kind, same)):
            raise Overtaken

    def erase_unread(self, key: Key) -> None:
        """Empty a document whose key was destroyed before it was written as erased."""
        values = {"version": secrets.randbelow(VERSIONS), "sealed": None, "erased": True}
        self._change(key, values)

    def flush(self) -> dict[Key, int]:
        """Write the changes; return new versions of documents with keys of their own that are not erased."""
        written = super().flush()
        # What is written is shared.
        self._own.clear()
        kept = {key for key, document in self._held.items() if document is not None and not document.is_over}
        return {key: written[key] for key in written.keys() & kept if not _is_installations(key)}

    def _write(self, name: Key, held: Document, *, erased: bool = False) -> int:
        if held.is_empty:
            self._delete(name)
            held.version = None
            return 0
        if held.root is None and not held.aggregate.single:
            raise LookupError(f"{name} has parts, and is not there itself")
        if held.is_over:
            held.strip()
        return super()._write(name, held, erased=held.is_over)

    # --- of documents --------------------------------------------------------------------------

    def _new(self, name: Key, version: int | None = None) -> Document:
        return Document(name, version)

    def _summary(self, held: Document | None, *, erased: bool = False, readable: bool = True) -> Stored:
        return Stored(held, erased, readable)

    def _scope(self, name: Key, *, erased: bool) -> str:
        return INSTALLATION if erased or _is_installations(name) else name


def _is_installations(key: Key) -> bool:
    return key.partition("/")[0] in OF_INSTALLATION

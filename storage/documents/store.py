"""The documents of one transaction: found, read once, changed in memory, and written at its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Row

from storage.crypto.keyring import INSTALLATION
from storage.crypto.master_key import KeyLost
from storage.documents.aggregates import (
    AGGREGATE_OF,
    DIRECTORY,
    KINDS,
    Aggregate,
    Key,
    aggregate_of,
)
from storage.documents.document import Document
from storage.documents.index import Facts, Index
from storage.kinds import compared, equals
from storage.schema.documents import DRAFT, OF_INSTALLATION, documents
from storage.sealed_rows import VERSIONS, SealedRows

E = TypeVar("E")


class Documents(SealedRows[Document, Facts]):
    table = documents
    block = 8 * 1024
    known: Index

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
            for entity in document.all(kind)
            if all(equals(getattr(entity, name), value) for name, value in wanted.items())
        )
        return KINDS[kind].sorted(found)

    def load(self, name: Key) -> Document | None:
        if name not in self._held and aggregate_of(name).single:
            # Use the document as last opened, unless it has been changed since.
            shared = self.known.shared.get(name)
            if shared is not None and shared.version == self._version(name):
                self._held[name] = shared
            elif (document := super().load(name)) is not None:
                self.known.shared[name] = document
        return super().load(name)

    def for_update(self, key: Key) -> Document | None:
        """As `load`, for a change: what was read is copied first, and stays as it was."""
        document = self.load(key)
        if document is not None and not document.edits:
            document = self._held[key] = document.copy()
        return document

    def living(self) -> Iterator[tuple[Key, Facts]]:
        """Yield the documents that have keys of their own and are not erased."""
        for name, facts in self.all():
            if not facts.erased and not _is_installations(name):
                yield name, facts

    def unreadable(self) -> list[Key]:
        """Return unerased documents that did not open at the last try, or a directory that is missing.

        Their key is lost, or they have been damaged.
        """
        found = [name for name, facts in self.all() if not (facts.readable or facts.erased)]
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
        for document in self._held.values():
            if document is not None and document.get(kind, id) is not None:
                return document
        found = self._load_all(self._places(aggregate, {"id": id}), named=True)
        return next((document for document in found if document.get(kind, id) is not None), None)

    def _candidates(self, kind: type[Any], where: Mapping[str, Any]) -> Iterable[Document]:
        aggregate = AGGREGATE_OF[kind]
        for name in where.keys() - set(KINDS[kind].names):
            raise TypeError(f"{kind.__name__} cannot be found by {name!r}")
        if aggregate.single:
            document = self.load(aggregate.only_key)
            return () if document is None else (document,)
        named = where.get(aggregate.naming(kind))
        if named is not None:
            return self._load_all([f"{aggregate.word}/{id}" for id in _values(named)], named=True)
        return self._load_all(self._places(aggregate, where))

    def _places(self, aggregate: Aggregate, where: Mapping[str, Any]) -> list[Key]:
        """Return the documents of an aggregate that may match, and those changed in this transaction."""
        standing = self.standing()
        texts = (values for values in map(_values, where.values()) if all(isinstance(v, str) for v in values))
        found = [] if aggregate.word in OF_INSTALLATION else [self.known.places(values) for values in texts]
        keys = set.intersection(*found) & standing.keys() if found else set(standing)
        if where.get("purged_at", ...) is None:
            keys = {key for key in keys if not standing[key][1].erased}
        changed = {key for key, document in self._held.items() if document is not None and document.edits}
        return sorted(key for key in keys | changed if aggregate_of(key) is aggregate)

    def _load_all(self, keys: Iterable[Key], *, named: bool = False) -> Iterator[Document]:
        """Yield the existing documents of these. With `named`, raise KeyLost for one that does not open."""
        wanted = list(keys)
        missing = [key for key in wanted if key not in self._held]
        self._held.update(dict.fromkeys(missing))
        for row in self._rows(missing):
            try:
                self._held[self._name(row)] = self._opened(row)
            except KeyLost:
                del self._held[self._name(row)]
                if named:
                    raise
        for key in wanted:
            if (document := self._held.get(key)) is not None:
                yield document

    # --- changing ------------------------------------------------------------------------------

    def add(self, entity: Any) -> None:
        """Add a new entity. Raise Overtaken if its document may have only one, and has one."""
        key = AGGREGATE_OF[type(entity)].key_of(entity)
        document = self.for_update(key)
        if document is None:
            if key == DIRECTORY.only_key and next(self.living(), None) is not None:
                raise KeyLost("the directory is gone: restore a backup")
            document = self._held[key] = Document(key)
        document.put(entity, new=True)

    def change(self, entity: E, changes: Mapping[str, Any]) -> E:
        """As `UnitOfWork.change`."""
        kind, id = type(entity), getattr(entity, "id")  # noqa: B009 - E is any entity
        document = self._for_update_with(kind, id)
        changed = compared(None if document is None else document.get(kind, id), entity, changes)
        if document is not None and changes:
            document.put(changed)
        return replace(entity, **changes)  # type: ignore[type-var]

    def remove(self, entity: Any) -> None:
        """Remove an entity, if it still exists."""
        if (document := self._for_update_with(type(entity), entity.id)) is not None:
            document.remove(type(entity), entity.id)

    def _for_update_with(self, kind: type[Any], id: str) -> Document | None:
        found = self._document_with(kind, id)
        return None if found is None else self.for_update(found.key)

    def erase_unread(self, key: Key) -> None:
        """Empty a document whose key was destroyed before it was written as erased."""
        values = {"version": secrets.randbelow(VERSIONS), "sealed": None, "erased": True}
        self._change(key, values)

    def flush(self) -> dict[Key, int]:
        """Write the changes; return new versions of documents with keys of their own that are not erased."""
        written = super().flush()
        kept = {key for key, document in self._held.items() if document is not None and not document.is_over}
        return {key: written[key] for key in written.keys() & kept if not _is_installations(key)}

    def _write(self, name: Key, held: Document, *, erased: bool = False) -> int:
        aggregate = held.aggregate
        if held.is_empty:
            self._delete(name)
            held.version = None
            return 0
        if held.root is None and not aggregate.single:
            raise LookupError(f"{name} has parts, and is not there itself")
        if held.is_over:
            held.strip()
            self.known.lift(name)
        version = super()._write(name, held, erased=held.is_over)
        self.known.place(held)
        if aggregate.single:
            # Harmless if this is rolled back: then no transaction ever sees this version.
            self.known.shared[name] = held.copy()
        return version

    # --- of documents --------------------------------------------------------------------------

    def _new(self, name: Key, version: int | None = None) -> Document:
        return Document(name, version)

    def _look(self, row: Row[Any]) -> tuple[Document | KeyLost | None, Facts]:
        held, facts = super()._look(row)
        name = self._name(row)
        if isinstance(held, Document) and self.known.of(name, row.version) is None:
            self.known.place(held)
        return held, facts

    def _summary(self, held: Document | None, *, erased: bool = False, readable: bool = True) -> Facts:
        root = None if held is None or _is_installations(held.key) else held.root
        return Facts(None if root is None else root.erasing_since, erased, readable)

    def _scope(self, name: Key, *, erased: bool) -> str:
        return INSTALLATION if erased or _is_installations(name) else name


def _is_installations(key: Key) -> bool:
    return key.partition("/")[0] in OF_INSTALLATION


def _values(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value]

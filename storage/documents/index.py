"""The index of the documents, in memory and only of hashes; and a cache of the installation's documents.

A match is checked again in the document itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.documents.aggregates import Key
from storage.documents.document import Document
from storage.schema.documents import OF_INSTALLATION
from storage.sealed_rows import Known


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a document that are queried for many documents at once; `readable` says that it opens."""

    erasing_since: datetime | None = None
    erased: bool = False
    readable: bool = True


class Index(Known[Facts]):
    """The facts of all documents, and the documents that have, or once had, each text in a field."""

    def __init__(self) -> None:
        super().__init__()
        self._places: defaultdict[int, set[Key]] = defaultdict(set)
        #: The installation's documents as last read: used in every transaction, seldom changed.
        self.shared: dict[Key, Document] = {}

    def place(self, document: Document) -> None:
        """Index the texts of a document; the installation's documents are few and not indexed."""
        if document.aggregate.word in OF_INSTALLATION:
            return
        marks = set(map(hash, document.texts()))
        with self._lock:
            for mark in marks:
                self._places[mark].add(document.key)

    def lift(self, key: Key) -> None:
        """Remove an erased document from the index."""
        with self._lock:
            for mark in [mark for mark, keys in self._places.items() if key in keys]:
                self._places[mark].discard(key)
                if not self._places[mark]:
                    del self._places[mark]

    def places(self, texts: Iterable[str]) -> set[Key]:
        """Return the documents that may contain one of these texts."""
        with self._lock:
            return {key for text in texts for key in self._places.get(hash(text), ())}

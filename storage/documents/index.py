"""Where in the documents something may be found: kept in memory, by hashes alone; and the installation's own.

Whatever is found is looked at again in the document itself.
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
    """Facts that are asked of many documents at once.

    `open_room` tells that others can read its room, `readable` that it opens.
    """

    erasing_since: datetime | None = None
    open_room: bool = False
    erased: bool = False
    readable: bool = True


class Index(Known[Facts]):
    """What is known of all documents, and in which of them each text that is a field's is, or once was."""

    def __init__(self) -> None:
        super().__init__()
        self._places: defaultdict[int, set[Key]] = defaultdict(set)
        #: Of the installation's own, as they were read last: asked for in each transaction, seldom changed.
        self.shared: dict[Key, Document] = {}

    def place(self, document: Document) -> None:
        """Remember by what a document is found; of the installation's own there are few."""
        if document.aggregate.word in OF_INSTALLATION:
            return
        marks = set(map(hash, document.texts()))
        with self._lock:
            for mark in marks:
                self._places[mark].add(document.key)

    def lift(self, key: Key) -> None:
        """Remember no more by what a document was found: it is erased."""
        with self._lock:
            for mark in [mark for mark, keys in self._places.items() if key in keys]:
                self._places[mark].discard(key)
                if not self._places[mark]:
                    del self._places[mark]

    def places(self, texts: Iterable[str]) -> set[Key]:
        """The documents in which one of these may be."""
        with self._lock:
            return {key for text in texts for key in self._places.get(hash(text), ())}

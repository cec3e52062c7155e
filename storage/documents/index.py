"""Where in the documents something may be found: kept in memory, by hashes alone; and the installation's own.

A document's versions are random numbers, none used twice: what has been seen of one stays true of it, also
if it is rolled back. So a transaction asks once whether every version that it sees is known here, and reads
what is not. Whatever is found is looked at again in the document itself.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from storage.documents.aggregates import Key, Token
from storage.documents.document import Document

#: So many versions of a document, and states of all, are remembered: who began earlier sees older ones.
#: Whoever is further behind may not find what is not there any more.
_REMEMBERED = 8
State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that are asked of many documents at once.

    `opened` is when a case was, in seconds since 1970; `open_room` tells that others can read its room,
    `readable` that it opens.
    """

    team_id: str = ""
    opened: float = 0.0
    erasing_since: datetime | None = None
    open_room: bool = False
    readable: bool = True


class Index:
    """Of which documents which token may be. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: dict[Key, OrderedDict[int, tuple[frozenset[int], Facts]]] = {}
        self._places: defaultdict[int, dict[Key, int]] = defaultdict(dict)
        self._states: OrderedDict[State, None] = OrderedDict()
        #: Of the installation's own, as they were read last: asked for in each transaction, seldom changed.
        self.shared: dict[Key, Document] = {}

    def knows_state(self, state: State) -> bool:
        """Return whether all versions of a state are known; it is told by `note_state`."""
        return state in self._states

    def note_state(self, state: State) -> None:
        with self._lock:
            self._states[state] = None
            while len(self._states) > _REMEMBERED:
                self._states.popitem(last=False)

    def knows(self, key: Key, version: int) -> bool:
        return version in self._versions.get(key, ())

    def note(self, key: Key, version: int, tokens: Iterable[Token], facts: Facts) -> None:
        """Remember what a version of a document is found by."""
        marks = frozenset(map(hash, tokens))
        with self._lock:
            versions = self._versions.setdefault(key, OrderedDict())
            if version in versions:
                return
            versions[version] = marks, facts
            for mark in marks:
                self._places[mark][key] = self._places[mark].get(key, 0) + 1
            if len(versions) > _REMEMBERED:
                self._forget(key, versions.popitem(last=False)[1][0])

    def note_unreadable(self, key: Key, version: int) -> None:
        """Remember that it does not open, whatever was known of it: somebody has tried."""
        with self._lock:
            versions = self._versions.setdefault(key, OrderedDict())
            marks, facts = versions.get(version, (frozenset(), Facts()))
            versions[version] = marks, replace(facts, readable=False)

    def _forget(self, key: Key, marks: Iterable[int]) -> None:
        for mark in marks:
            places = self._places[mark]
            places[key] -= 1
            if not places[key]:
                del places[key]
            if not places:
                del self._places[mark]

    def facts(self, key: Key, version: int) -> Facts | None:
        """The facts of a version, if it is known."""
        known = self._versions.get(key)
        found = None if known is None else known.get(version)
        return None if found is None else found[1]

    def places(self, token: Token) -> set[Key]:
        """The documents in which it may be, sought by one token."""
        with self._lock:
            return set(self._places.get(hash(token), ()))

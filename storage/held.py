"""What one transaction that writes has read or written so far. SQLite alone: nobody else writes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


class Held:
    """Entities by kind and id, and answers to questions until something that they are about changes."""

    def __init__(self) -> None:
        self._entities: dict[tuple[type[Any], str], Any] = {}
        self._answers: dict[Hashable, tuple[frozenset[type[Any]], Any]] = {}

    def entity(self, kind: type[T], id: str) -> T | None:
        """The entity as it is now, if it has been read or written."""
        return self._entities.get((kind, id))

    def read(self, entities: Iterable[Any]) -> None:
        """These are so."""
        self._entities.update(((type(e), e.id), e) for e in entities)

    def written(self, kind: type[Any], entities: Iterable[Any]) -> None:
        """These are so from now on: what was known about their kind may not be."""
        self._outdate(kind)
        self.read(entities)

    def removed(self, kind: type[Any], id: str) -> None:
        """It is no more."""
        self._outdate(kind)
        self._entities.pop((kind, id), None)

    def answer(self, question: Hashable, about: frozenset[type[Any]], ask: Callable[[], T]) -> T:
        """What `ask` gave when it was last asked, or gives now; the same object, not to be changed."""
        if question not in self._answers:
            self._answers[question] = about, ask()
        answer: T = self._answers[question][1]
        return answer

    def _outdate(self, kind: type[Any]) -> None:
        self._answers = {q: kept for q, kept in self._answers.items() if kind not in kept[0]}

"""What is asked of the database once and not again: of the directory until somebody changes it, of all else
within one transaction. On SQLite alone; PostgreSQL has other processes that write, and is asked each time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, RootTransaction

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team

T = TypeVar("T")
#: Asked for by every command, button and message, and changed by hardly any.
DIRECTORY: frozenset[type[Any]] = frozenset({Team, Coordinator, Agency, Contact, Person})
#: The most answers that are kept; no team asks so many different questions.
MOST = 2000
#: The longest that a transaction which reads takes, in seconds.
LONGEST = 60.0
_PLACE = "memory"
Answers = dict[Hashable, Any]


class Remembered:
    """The answers about the directory that all connections of one process share, as of one number.

    The number is SQLite's `user_version`: it stands in the file, belongs to the transaction, and is raised
    by whoever changes the directory, in whatever process.
    """

    def __init__(self) -> None:
        self._latest: tuple[int, Answers] = (-1, {})
        self._not_before = time.monotonic()

    def at(self, number: int) -> Answers:
        """The answers as of this number; for a state that is no longer the latest, answers of its own."""
        latest, answers = self._latest
        if number < latest or time.monotonic() < self._not_before:
            return {}
        if number > latest or len(answers) > MOST:
            answers = {}
            self._latest = number, answers
        return answers

    def forget(self) -> None:
        """Somebody may have changed the directory without raising the number.

        Nothing is kept until whoever had begun to read before that has ended.
        """
        self._not_before = time.monotonic() + LONGEST
        self._latest = self._latest[0], {}


class Memory:
    """Of one transaction. This one remembers nothing."""

    def entity(self, kind: type[T], id: str) -> T | None:
        """The entity as it is now, if it has been read or written."""

    def read(self, entities: Iterable[Any]) -> None:
        """These are so."""

    def written(self, kind: type[Any], entities: Iterable[Any]) -> None:
        """These are so from now on: what was known about their kind may not be."""

    def removed(self, kind: type[Any], id: str) -> None:
        """It is no more."""

    def answer(self, question: Hashable, about: frozenset[type[Any]], ask: Callable[[], T]) -> T:
        """What `ask` gave when it was last asked, or gives now; the same object, not to be changed."""
        return ask()

    def people(self, ids: Iterable[str], ask: Callable[[list[str]], list[Person]]) -> list[Person]:
        """Those of these persons who are known, by id; `ask` is given whom to ask the database for."""
        return ask(sorted(set(ids)))

    def case(self, id: str, ask: Callable[[], tuple[CaseFile | None, bool]]) -> CaseFile | None:
        """The case as `ask` gives it; with False it has to be asked for again."""
        return ask()[0]

    def forget(self) -> None:
        """The transaction is over."""


class Seen(Memory):
    """What those have read who share a transaction that only reads."""

    def __init__(self, directory: Answers | None) -> None:
        self._directory: Answers = {} if directory is None else directory
        self._cases: dict[str, CaseFile | None] = {}

    def answer(self, question: Hashable, about: frozenset[type[Any]], ask: Callable[[], T]) -> T:
        """Of the directory as before; anything else is asked."""
        return _kept(self._directory, question, about, ask) if about <= DIRECTORY else ask()

    def people(self, ids: Iterable[str], ask: Callable[[list[str]], list[Person]]) -> list[Person]:
        """Each as before, or asked for together with the others who have not been."""
        return _kept_people(self._directory, ids, ask)

    def case(self, id: str, ask: Callable[[], tuple[CaseFile | None, bool]]) -> CaseFile | None:
        """The case as whoever came first has read it."""
        if id not in self._cases:
            file, lasts = ask()
            if not lasts:
                return file
            self._cases[id] = file
        return self._cases[id]

    def forget(self) -> None:
        """Of cases; the directory's answers are everybody's."""
        self._cases.clear()


class Held(Memory):
    """What those have read or written who share a transaction that writes: nobody else writes meanwhile."""

    def __init__(self, connection: Connection, directory: Answers | None) -> None:
        self._connection = connection
        #: As it was committed; None once it has been, or may have been, changed in this transaction.
        self._directory = directory
        self._raised = False
        self._entities: dict[tuple[type[Any], str], Any] = {}
        self._answers: dict[Hashable, tuple[frozenset[type[Any]], Any]] = {}

    def entity(self, kind: type[T], id: str) -> T | None:
        """The entity as it is now, if it has been read or written."""
        return self._entities.get((kind, id))

    def read(self, entities: Iterable[Any]) -> None:
        """These are so."""
        self._entities.update(((type(e), e.id), e) for e in entities)

    def written(self, kind: type[Any], entities: Iterable[Any]) -> None:
        """These are so from now on; others of their kind may not be found as before."""
        self._outdate(kind)
        self.read(entities)

    def removed(self, kind: type[Any], id: str) -> None:
        """It is no more."""
        self._outdate(kind)
        self._entities.pop((kind, id), None)

    def answer(self, question: Hashable, about: frozenset[type[Any]], ask: Callable[[], T]) -> T:
        """What `ask` gave when nothing has changed since that the answer is about, or gives now."""
        if self._directory is not None and about <= DIRECTORY:
            return _kept(self._directory, question, about, ask)
        if question not in self._answers:
            self._answers[question] = about, ask()
        answer: T = self._answers[question][1]
        return answer

    def people(self, ids: Iterable[str], ask: Callable[[list[str]], list[Person]]) -> list[Person]:
        """Each as it is now."""
        if self._directory is not None:
            return _kept_people(self._directory, ids, ask)
        wanted = sorted(set(ids))
        return self.answer((Person, tuple(wanted)), frozenset({Person}), lambda: ask(wanted))

    def forget(self) -> None:
        """Everything: whoever still has the unit of work has nothing of a case with it."""
        self._entities.clear()
        self._answers.clear()

    def distrusted(self) -> Held:
        """What is left where something has been undone, or done past this."""
        return Held(self._connection, self._directory)

    def _outdate(self, kind: type[Any]) -> None:
        self._answers = {q: kept for q, kept in self._answers.items() if kind not in kept[0]}
        if kind in DIRECTORY:
            self._directory = None
            if not self._raised:
                self._raised = True
                driver: Any = self._connection.connection.driver_connection
                driver.execute(f"PRAGMA user_version = {_number(driver) + 1}")


def memory_of(connection: Connection, remembered: Remembered | None, *, writes: bool) -> Memory:
    """The memory of the connection's transaction, one for all who share it."""
    if connection.dialect.name != "sqlite":
        return Memory()
    transaction = connection.get_transaction()
    kept: tuple[RootTransaction | None, Memory] | None = connection.info.get(_PLACE)
    if kept is None or kept[0] is not transaction:
        driver = connection.connection.driver_connection
        answers = None if remembered is None else remembered.at(_number(driver))
        kept = transaction, Held(connection, answers) if writes else Seen(answers)
        connection.info[_PLACE] = kept
    return kept[1]


def distrust(connection: Connection) -> None:
    """What is held of cases may not be so: part of the transaction was rolled back, or done past it."""
    transaction, memory = connection.info.get(_PLACE, (None, None))
    if isinstance(memory, Held):
        connection.info[_PLACE] = transaction, memory.distrusted()
        memory.forget()


@contextmanager
def forgotten_after(connection: Connection) -> Iterator[None]:
    """A transaction, after which of no case anything stays in memory, lest it outlive the case's key."""
    info = connection.info
    try:
        yield
    finally:
        _, memory = info.pop(_PLACE, (None, None))
        if memory is not None:
            memory.forget()


def question(kind: type[Any], where: Mapping[str, Any]) -> Hashable:
    """What is asked for, as a key."""
    asked = ((name, tuple(v) if isinstance(v, list) else v) for name, v in where.items())
    return (kind, frozenset(asked))


def _kept(answers: Answers, question: Hashable, about: frozenset[type[Any]], ask: Callable[[], T]) -> T:
    if question in answers:
        kept: T = answers[question]
        return kept
    found = ask()
    # Of whom the directory does not know nothing is kept, not even that they are not in it.
    if found or Person not in about:
        answers[question] = found
    return found


def _kept_people(
    answers: Answers, ids: Iterable[str], ask: Callable[[list[str]], list[Person]]
) -> list[Person]:
    """One by one, and not as the people of a case."""
    wanted = sorted(set(ids))
    missing = [id for id in wanted if (Person, id) not in answers]
    if missing:
        answers.update({(Person, person.id): person for person in ask(missing)})
    return [answers[Person, id] for id in wanted if (Person, id) in answers]


def _number(driver: Any) -> int:
    number: int = driver.execute("PRAGMA user_version").fetchone()[0]
    return number

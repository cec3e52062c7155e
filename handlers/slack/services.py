"""What every handler is given, and the one way in which it reaches the use cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.authorization import get_or_make_person
from bot.usecases.ports import Clock, Database, UnitOfWork
from handlers.slack.inflight import InFlight
from handlers.slack.vocabulary import CommandWord

T = TypeVar("T")
C = TypeVar("C")
#: Where the door leaves, in Bolt's context, whom it has let in.
VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person who pressed or typed, and the words in which they are answered."""

    person: Person
    words: Words


@dataclass(frozen=True, slots=True)
class Services:
    """The composition root makes one and hands it to every handler.

    `language` is the installation's; `commands` are all subjects', for help; `by_mail` tells whether a mail
    server is set. `workspace_id` is the installed one's: what comes from others is refused.
    """

    database: Database
    clock: Clock
    language: Language
    commands: Sequence[CommandWord] = ()
    by_mail: bool = False
    workspace_id: str | None = None
    inflight: InFlight = field(default_factory=InFlight)

    async def visitor(self, slack_id: str) -> Visitor:
        """The person behind a Slack id and their language: their own, else their team's, else the default."""
        return await self.database.read(lambda uow: self.visitor_in(uow, slack_id))

    def visitor_in(self, uow: UnitOfWork, slack_id: str) -> Visitor:
        """The same, inside a transaction."""
        person = get_or_make_person(uow, slack_id)
        return Visitor(person, words(person.language or self._team_language(uow) or self.language))

    def _team_language(self, uow: UnitOfWork) -> Language | None:
        languages = {team.language for team in uow.teams()}
        return languages.pop() if len(languages) == 1 else None

    async def look(self, slack_id: str, query: Callable[[UnitOfWork, Person], T]) -> T:
        """Run a query as this person, in a read-only transaction."""
        return await self.database.read(lambda uow: query(uow, get_or_make_person(uow, slack_id)))

    async def act(
        self,
        slack_id: str,
        receipt: Sequence[str],
        use_case: Callable[[UnitOfWork, Person, C], T],
        command: C,
    ) -> T:
        """Carry out a use case as this person, once for this delivery from Slack.

        Raises:
            AlreadyHandled: the delivery has had its effect.
            Refused, Invalid: as the use case; nothing has changed.
        """
        return await self.database.once(
            receipt, lambda uow: use_case(uow, get_or_make_person(uow, slack_id), command)
        )

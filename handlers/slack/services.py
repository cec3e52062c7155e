"""The services that every handler is given, and the person behind a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.ports import Clock, Database, UnitOfWork
from bot.usecases.profile import language_of
from handlers.delivery.gate import Gate
from handlers.slack.inflight import InFlight
from handlers.slack.slow_reply import SlowAnswers, Waits
from handlers.slack.vocabulary import Choice, CommandWord

#: Key of Bolt's context under which `guest_middleware` puts the person.
VISITOR = "visitor"
#: Seconds of real time for which Slack waits for an answer.
SLACK_WAITS = 3.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person who pressed or typed, resolved once for a request, and the words that answer them.

    Rights depend only on the person's id, and are checked in every transaction.
    """

    slack_id: str
    person: Person
    words: Words
    stored: bool

    def actor(self, uow: UnitOfWork) -> Person:
        """Return the person, read again if they were not stored yet: they may have been since."""
        return self.person if self.stored else uow.person_by_slack(self.slack_id) or self.person


@dataclass(frozen=True, slots=True)
class Services:
    """The services of all handlers; the composition root makes one instance.

    `language` is the installation's. `commands` is the commands of all subjects, for help; `placed` is the
    buttons behind «Flere valg». `by_mail` tells whether a mail server is set, `mail_is_read` whether answers
    are read too. `workspace_id` is where the app is installed; requests from other workspaces are refused.
    `waits` tells the outcome to people who were told to wait. `slack_waits` is how many seconds Slack waits
    for an answer. `gate` knows which methods Slack has closed.
    """

    database: Database
    clock: Clock
    language: Language
    commands: Sequence[CommandWord] = ()
    placed: Sequence[Choice] = ()
    by_mail: bool = False
    mail_is_read: bool = False
    workspace_id: str | None = None
    inflight: InFlight = field(default_factory=InFlight)
    slow_answers: SlowAnswers = field(default_factory=SlowAnswers)
    waits: Waits | None = None
    slack_waits: float = SLACK_WAITS
    gate: Gate | None = None

    @property
    def slow_after(self) -> float:
        """Seconds after which people are told to wait."""
        return self.slack_waits * 2 / 3

    async def visitor(self, slack_id: str) -> Visitor:
        """Return the person behind a Slack id, with words in their language, the teams' or the default."""
        return await self.database.read(lambda uow: self.visitor_in(uow, slack_id))

    def visitor_in(self, uow: UnitOfWork, slack_id: str) -> Visitor:
        """As `visitor`, inside a transaction."""
        known = uow.person_by_slack(slack_id)
        person = known or Person(uow.ids.new(), slack_id=slack_id)
        spoken = words(language_of(uow, person, None, self.language)).read_at(self.clock.now())
        return Visitor(slack_id, person, spoken, stored=known is not None)

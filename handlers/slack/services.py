"""The services that every handler is given, and the person behind a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

#: Key of Bolt's context under which `guest_middleware` leaves the person.
VISITOR = "visitor"
#: Seconds of real time for which Slack waits for an answer.
SLACK_WAITS = 3.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person who pressed or typed, resolved once for a request, and the words in which they are answered.

    Only the person's id counts for what they may do; that is asked anew in every transaction.
    """

    slack_id: str
    person: Person
    words: Words
    stored: bool

    def actor(self, uow: UnitOfWork) -> Person:
        """Return the person; one who is not stored is kept when first written, or has been meanwhile."""
        return self.person if self.stored else uow.person_by_slack(self.slack_id) or self.person


@dataclass(frozen=True, slots=True)
class Services:
    """The composition root makes one and hands it to every handler.

    `language` is the installation's; `commands` are all subjects', for help, `placed` what stands behind
    «Flere valg»; `by_mail` tells whether a mail
    server is set, `mail_is_read` whether answers are read too. `workspace_id` is the installed one's: what
    comes from others is refused. `waits` tells the end to those who were told to wait. `slack_waits` is how
    long Slack waits for an answer, in seconds. `gate` knows which methods Slack has closed, `revoked` is told
    by which event Slack has put the app out.
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
    revoked: Callable[[str], None] | None = None

    @property
    def slow_after(self) -> float:
        """Seconds after which people are told to wait."""
        return self.slack_waits * 2 / 3

    async def visitor(self, slack_id: str) -> Visitor:
        """The person behind a Slack id and their language: their own, else their team's, else the default."""
        return await self.database.read(lambda uow: self.visitor_in(uow, slack_id))

    def visitor_in(self, uow: UnitOfWork, slack_id: str) -> Visitor:
        """The same, inside a transaction."""
        known = uow.person_by_slack(slack_id)
        person = known or Person(uow.ids.new(), slack_id=slack_id)
        spoken = words(language_of(uow, person, None, self.language)).read_at(self.clock.now())
        return Visitor(slack_id, person, spoken, stored=known is not None)

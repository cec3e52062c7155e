"""The services that every handler is given, and the person behind a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.authorization import get_or_make_person
from bot.usecases.overview import is_registered
from bot.usecases.ports import Clock, Database, UnitOfWork, WaitingNotes
from bot.usecases.profile import language_of
from handlers.delivery.gate import Gate
from handlers.slack.inflight import InFlight
from handlers.slack.vocabulary import Choice, Command

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
    registered: bool = False

    def actor(self, uow: UnitOfWork) -> Person:
        """Return the person as they are now; somebody unknown keeps the id that they have here."""
        return uow.person_by_slack(self.slack_id) or self.person


def nobody(slack_id: str) -> Visitor:
    """Return somebody who is not looked up yet, to be answered even if the database fails."""
    return Visitor(slack_id, Person("", slack_id=slack_id), words(Language.NB))


@dataclass(frozen=True, slots=True)
class Services:
    """The services of all handlers; the composition root makes one instance.

    `workspace_id` is where the app is installed; requests from other workspaces are refused. `gate` knows
    which methods Slack has closed. `notes` are of people who were told to wait. `commands` is the commands of
    all subjects, for help; `placed` is the buttons behind «Flere valg». `by_mail` tells whether a mail server
    is set, `mail_is_read` whether answers are read too. `slack_waits` is how many seconds Slack waits for an
    answer. `slow_answers` are the people with a slow answer in progress, of which each can have one.
    """

    database: Database
    clock: Clock
    client: AsyncWebClient
    workspace_id: str
    gate: Gate
    notes: WaitingNotes
    commands: Sequence[Command] = ()
    placed: Sequence[Choice] = ()
    by_mail: bool = False
    mail_is_read: bool = False
    slack_waits: float = SLACK_WAITS
    inflight: InFlight = field(default_factory=InFlight)
    slow_answers: set[str] = field(default_factory=set)

    async def visitor(self, slack_id: str) -> Visitor:
        """Return the person behind a Slack id, with words in their language, the teams' or the default."""
        return await self.database.read(lambda uow: self.visitor_in(uow, slack_id))

    def visitor_in(self, uow: UnitOfWork, slack_id: str) -> Visitor:
        """As `visitor`, inside a transaction."""
        person = get_or_make_person(uow, slack_id)
        spoken = words(language_of(uow, person, None, Language.NB)).read_at(self.clock.now())
        return Visitor(slack_id, person, spoken, is_registered(uow, person))

"""The services of a delivery: Slack, the database, the clock, and the words of a reader."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.ports import Clock, Database, Outbox, UnitOfWork
from bot.usecases.profile import language_of
from handlers.delivery.mail import MailDelivery
from handlers.delivery.posting import Posting
from handlers.delivery.rooms import Rooms


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderServices:
    """The services needed to make messages, besides their subject.

    `organizer` is the e-mail address of calendar entries.
    """

    clock: Clock
    organizer: str
    language: Language
    by_mail: bool

    def words(self, uow: UnitOfWork, person: Person | None, file: CaseFile | None = None) -> Words:
        """Return a reader's words in their own language, otherwise the case's, otherwise all teams'."""
        return words(language_of(uow, person, file, self.language)).read_at(self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryServices(RenderServices):
    """The services of all code that delivers.

    `outbox` tells which other entries of a case are being delivered; `mail` is None if no mail server is set.
    """

    client: AsyncWebClient
    database: Database
    outbox: Outbox
    posting: Posting
    rooms: Rooms
    mail: MailDelivery | None

"""Mail from the outbox: a person's calendar is reconciled with the state, one mail after the other.

Each subject knows where its mails come from, what they say and what becomes of them.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Protocol, TypeVar

import structlog

from bot.calendar.mail import address_for_answers, build_mail
from bot.domain.case.calendar import MailedEntry, Post, Trouble
from bot.domain.directory.entities import TeamRules
from bot.texts.words import Words
from bot.usecases.calendar import Outgoing
from bot.usecases.ports import Database, UnitOfWork
from handlers.delivery.calls import NotReady, RetryAfter, Undelivered

log = structlog.get_logger(__name__)
#: How long a mail that could not be sent waits.
TRY_AGAIN = timedelta(seconds=60)
#: Mails sent at once: a mail server that hangs must not hold up deliveries to Slack.
CONCURRENT_MAILS = 2
#: Seconds of real time that a mail waits for its turn before it is put back.
TURN = 2.0


class MailTrouble(Undelivered):
    """The mail has certainly not left; it waits, for an operator where one is needed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class AddressRefused(Undelivered):
    """The server refuses the recipient for good."""


class Sender(Protocol):
    """Port of the mail server (`handlers.mail.smtp.Smtp`)."""

    async def send(self, mail: EmailMessage) -> None:
        """Hand over a mail; raises the errors of this module."""
        ...


L = TypeVar("L", bound=Outgoing[Any])
#: Notes what has become of a mail; a mail that waits has a `Trouble`.
Conclude = Callable[[UnitOfWork, L, Post, Trouble | None], None]


class MailDelivery:
    """Sends all mail. `counted` tells whether answers from calendars are read."""

    def __init__(self, sender: Sender, database: Database, *, organizer: str, counted: bool) -> None:
        self._sender = sender
        self._database = database
        self._organizer = organizer
        self.counted = counted
        self._turns = asyncio.Semaphore(CONCURRENT_MAILS)

    async def reconcile(
        self,
        following: Callable[[UnitOfWork], L | None],
        write: Callable[[MailDelivery, L], EmailMessage],
        conclude: Conclude[L],
    ) -> None:
        """Send a calendar all changes that it has not been sent yet.

        Raises:
            NotReady: other mails have their turn. RetryAfter: the mail waits.
            OutcomeUnknown: the mail may have left; the same mail is sent again.
        """
        async with self._turn():
            while True:
                mail = await self._database.write(following)
                if mail is None:
                    return
                await self._post(write(self, mail), mail, conclude)

    async def _post(self, written: EmailMessage, mail: L, conclude: Conclude[L]) -> None:
        post = Post.SENT
        try:
            await self._hand_over(written)
        except MailTrouble as error:
            trouble = error.trouble
            await self._database.write(lambda uow: conclude(uow, mail, Post.WAITING, trouble))
            raise RetryAfter(TRY_AGAIN) from error
        except AddressRefused:
            post = Post.REFUSED
        await self._database.write(lambda uow: conclude(uow, mail, post, None))

    async def send(self, mail: EmailMessage) -> None:
        """Send a mail of which nothing is stored; a refused address is ignored.

        Raises:
            NotReady, RetryAfter, OutcomeUnknown: as `reconcile`.
        """
        async with self._turn():
            try:
                await self._hand_over(mail)
            except MailTrouble as error:
                raise RetryAfter(TRY_AGAIN) from error
            except AddressRefused:
                # The coordinators were told about this address when the invite was refused.
                return

    async def _hand_over(self, mail: EmailMessage) -> None:
        try:
            await self._sender.send(mail)
        except MailTrouble as error:
            log.warning("post.waits", why=error.trouble.value)
            raise

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN):
                await self._turns.acquire()
        except TimeoutError:
            raise NotReady from None
        try:
            yield
        finally:
            self._turns.release()

    def address(self, entry: MailedEntry) -> str:
        return address_for_answers(self._organizer, entry.token)

    def plain(
        self, token: str, recipient: str, subject: str, text: str, written_at: datetime
    ) -> EmailMessage:
        """Return a mail that is about no entry, to be answered in words."""
        return build_mail(
            text,
            sender=address_for_answers(self._organizer, token),
            recipient=recipient,
            subject=subject,
            message_name=f"{hashlib.sha256(token.encode()).hexdigest()[:20]}.0",
            written_at=written_at,
        )


def signed(reader: Words, rules: TeamRules, text: str) -> str:
    """Return the text of a mail with the sender's name that the team has chosen, and a number to ring.

    They are only in the mail's body: a calendar shows its entry to everybody who may see the calendar.
    """
    if rules.mail_name:
        text += "\n\n" + reader("mail.signature", name=rules.mail_name, phone=rules.mail_phone)
    return f"{text}\n"

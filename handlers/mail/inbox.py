"""Answers from calendars: the bot's mailbox is read, what is said there is done, and the mail is deleted.

The mailbox is the bot's alone. What is not about anything that the bot has sent is left there, as read.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from imaplib import IMAP4
from typing import Any, TypeVar

import structlog
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailMessage, MailMessageFlags
from imap_tools.errors import ImapToolsError

from bot.calendar.reply import LARGEST_MAIL, read_arrival
from bot.domain.calendar.reply import IncomingMail
from bot.domain.errors import AlreadyHandled
from bot.mail_server import MailServer
from bot.usecases.calendar.answers import answer_by_calendar
from bot.usecases.joint.calendar import answer_joint_by_calendar
from bot.usecases.ports import Database, UnitOfWork

T = TypeVar("T")
log = structlog.get_logger(__name__)
TIME_OUT = 20.0
#: Seconds of real time: between looks without IDLE, the longest IDLE, and after a failure.
LOOK_EVERY = 30.0
LONGEST_IDLE = 300.0
PAUSE = 10.0
#: How soon a stop is noticed, in seconds.
NOTICE = 0.5
FAILURES = (OSError, IMAP4.error, ImapToolsError, ValueError)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in the mailbox. `raw` is only its head when it is too large to be read."""

    uid: str
    raw: bytes
    size: int


class _Raw(MailMessage):
    """A message that keeps its bytes: what it was parsed into cannot always be written out again."""

    def __init__(self, fetch_data: list[Any]) -> None:
        super().__init__(fetch_data)
        self.raw: bytes = self._get_message_data_parts(fetch_data)[0]


class Session:
    """A connection to the mailbox, for one thread. The login is under TLS (docs/calendar-rules.md 7)."""

    def __init__(self, server: MailServer, context: ssl.SSLContext) -> None:
        kind = MailBoxStartTls if server.starttls else MailBox
        self._box: BaseMailBox = kind(server.host, server.port, timeout=TIME_OUT, ssl_context=context)
        self._box.email_message_class = _Raw
        try:
            self._box.login(server.user or "", server.password or "")
            self.validity = str(self._box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"])
            _, capabilities = self._box.client.capability()
        except BaseException:
            self._box.client.shutdown()
            raise
        self.idles = b"IDLE" in b" ".join(capabilities).upper().split()

    def mails(self, *, seen: bool = False) -> Iterator[Mail]:
        """The mails that have not been looked at (with `seen`, all of them), oldest first."""
        self._box.client.response("EXISTS")
        for uid in self._box.uids("ALL" if seen else "UNSEEN", charset=None):
            for head in self._fetch(uid, headers_only=True):
                if head.size_rfc822 > LARGEST_MAIL:
                    yield Mail(uid, head.raw, head.size_rfc822)
                    continue
                for whole in self._fetch(uid, headers_only=False):
                    yield Mail(uid, whole.raw, len(whole.raw))

    def _fetch(self, uid: str, *, headers_only: bool) -> Iterator[_Raw]:
        found = self._box.fetch(uid_list=uid, mark_seen=False, headers_only=headers_only)
        return (each for each in found if isinstance(each, _Raw))

    def delete(self, mail: Mail) -> None:
        """Remove it for good."""
        self._box.delete(mail.uid)

    def leave(self, mail: Mail) -> None:
        """Leave it where it is, as read."""
        self._box.flag(mail.uid, MailMessageFlags.SEEN, True)

    def wait(self, stopping: threading.Event) -> None:
        """Return when there may be something new, or it is time to look, or `stopping` is set."""
        # What the server told while it was asked for something else, it does not tell again.
        if self._box.client.response("EXISTS")[1] != [None]:
            return
        if not self.idles:
            stopping.wait(LOOK_EVERY)
            return
        self._box.idle.start()  # type: ignore[no-untyped-call]
        for _ in range(int(LONGEST_IDLE / NOTICE)):
            if self._has_spoken() or self._box.idle.poll(timeout=NOTICE) or stopping.is_set():
                break
        self._box.idle.stop()  # type: ignore[no-untyped-call]

    def _has_spoken(self) -> bool:
        """Return True if something came along with the answer to IDLE: it is read, and no poll sees it."""
        client: Any = self._box.client
        timeout = client.sock.gettimeout()
        client.sock.settimeout(0)
        try:
            return bool(client.file.peek(1))
        except OSError:
            return False
        finally:
            client.sock.settimeout(timeout)

    def close(self) -> None:
        """End it, whatever state it is in."""
        try:
            self._box.logout()
        except FAILURES:
            self._box.client.shutdown()


class Mailbox:
    """Reads the mailbox until it is stopped."""

    def __init__(
        self, server: MailServer, context: ssl.SSLContext, database: Database, *, organizer: str
    ) -> None:
        self._server = server
        self._context = context
        self._database = database
        self._organizer = organizer
        self._stopping = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
        self._read_at = time.monotonic()
        self._account = f"{server.user}@{server.host}:{server.port}"

    async def run(self) -> None:
        """Connect, read, wait, again and again. A server that fails is tried again, not given up."""
        while not self._stopping.is_set():
            try:
                await self._session()
            except FAILURES as error:
                log.warning("mailbox.failed", error=type(error).__name__)
                await self._in_thread(lambda: self._stopping.wait(PAUSE))
        self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Take no more; `run` ends within a second."""
        self._stopping.set()

    def unread(self) -> float:
        """Return seconds since the mailbox was last read to its end, or since reading it was begun."""
        return time.monotonic() - self._read_at

    async def _session(self) -> None:
        session = await self._in_thread(lambda: Session(self._server, self._context))
        try:
            while not self._stopping.is_set():
                await self._read(session)
                await self._in_thread(lambda: session.wait(self._stopping))
        finally:
            await self._in_thread(session.close)

    async def _read(self, session: Session) -> None:
        mails = await self._in_thread(session.mails)
        while (mail := await self._in_thread(lambda: next(mails, None))) is not None:
            if self._stopping.is_set():
                return
            taken = await self._take(session, mail)
            if taken is not None:
                conclude = session.delete if taken else session.leave
                await self._in_thread(partial(conclude, mail))
        self._read_at = time.monotonic()

    async def _take(self, session: Session, mail: Mail) -> bool | None:
        """Do what the mail asks for. Return False if not about ours, None to look at it again."""
        arrival = await self._in_thread(lambda: read_arrival(mail.raw, self._organizer, mail.size))
        receipt = ("mailbox", self._account, session.validity, mail.uid)
        try:
            return await self._database.once(receipt, lambda uow: answered(uow, arrival))
        except AlreadyHandled:
            # It was done, and the process ended before the mail was deleted.
            return arrival.token is not None
        except Exception as error:
            log.error("mailbox.answer-failed", error=type(error).__name__)
            return None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def answered(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Do what one mail asks for. False: it is about nothing that the bot has sent."""
    known = answer_by_calendar(uow, arrival) or answer_joint_by_calendar(uow, arrival)
    return known or arrival.token is not None


def is_for(mail: Mail, address: str) -> bool:
    """Return True if a mail names this address among its recipients."""
    head = mail.raw.partition(b"\r\n\r\n")[0]
    return re.search(re.escape(address).encode(), head, re.IGNORECASE) is not None

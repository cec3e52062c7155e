"""Answers from calendars: the bot's mailbox is read, each answer is carried out, and its mail is deleted.

Only the bot uses the mailbox. A mail about nothing that the bot has sent is left there, marked as read. A
mail that cannot be read affects no other mail: it is set aside there, flagged, for an operator.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from imaplib import IMAP4
from typing import Any, TypeVar

import structlog
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailMessageFlags
from imap_tools.errors import ImapToolsError

from bot.calendar.reply import LARGEST_HEAD, LARGEST_MAIL, head_of, unreadable
from bot.domain.calendar.reply import Doubt, HeldReply, IncomingMail
from bot.domain.errors import AlreadyHandled
from bot.mail_server import MailServer
from bot.usecases.calendar import answer_by_calendar
from bot.usecases.drill import answer_drill_by_mail
from bot.usecases.joint import answer_joint_by_calendar
from bot.usecases.ports import Database, UnitOfWork
from handlers.mail import reader
from handlers.mail.reader import MailReader, ReadingStopped, Unread

T = TypeVar("T")
log = structlog.get_logger(__name__)
TIME_OUT = 20.0
#: Seconds of real time: between checks without IDLE, of the longest IDLE, and after a failure.
LOOK_EVERY = 30.0
LONGEST_IDLE = 300.0
PAUSE = 10.0
#: Seconds within which a stop is noticed.
NOTICE = 0.5
#: How often carrying out a mail may fail, while the database works, before the mail is set aside.
TRIES = 3
FAILURES = (OSError, IMAP4.error, ImapToolsError, ValueError)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in the mailbox. `raw` is only its head when it is too large to be read."""

    uid: str
    raw: bytes
    size: int


class Session:
    """A connection to the mailbox, for one thread. The login is under TLS (docs/calendar-rules.md 7)."""

    def __init__(self, server: MailServer, context: ssl.SSLContext) -> None:
        kind = MailBoxStartTls if server.starttls else MailBox
        self._box: BaseMailBox = kind(server.host, server.port, timeout=TIME_OUT, ssl_context=context)
        try:
            self._box.login(server.user or "", server.password or "")
            self.validity = str(self._box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"])
            _, capabilities = self._box.client.capability()
        except BaseException:
            self._box.client.shutdown()
            raise
        self.idles = b"IDLE" in b" ".join(capabilities).upper().split()

    def mails(self, *, seen: bool = False) -> Iterator[Mail]:
        """Yield the unread mails (with `seen`, all mails), oldest first.

        They are only fetched, never parsed; if a mail is too large, only its head.
        """
        self._box.client.response("EXISTS")
        for uid in self._box.uids("ALL" if seen else "UNSEEN", charset=None):
            size = self._size(uid)
            if size is None:
                continue  # it has gone meanwhile
            part = f"BODY.PEEK[HEADER]<0.{LARGEST_HEAD}>" if size > LARGEST_MAIL else "BODY.PEEK[]"
            for raw in self._fetch(uid, part):
                yield Mail(uid, raw, size)

    def _size(self, uid: str) -> int | None:
        _, answers = self._box.client.uid("FETCH", uid, "(RFC822.SIZE)")
        said = b" ".join(a if isinstance(a, bytes) else a[0] for a in answers if a)
        found = re.search(rb"RFC822\.SIZE (\d+)", said, re.IGNORECASE)
        return int(found[1]) if found is not None else None

    def _fetch(self, uid: str, part: str) -> list[bytes]:
        _, answers = self._box.client.uid("FETCH", uid, f"({part})")
        return [answer[1] for answer in answers if isinstance(answer, tuple)][:1]

    def delete(self, mail: Mail) -> None:
        """Delete a mail for good: it has been carried out."""
        self._box.delete(mail.uid)

    def leave(self, mail: Mail) -> None:
        """Leave a mail where it is, marked as read: it is about nothing of ours."""
        self._box.flag(mail.uid, MailMessageFlags.SEEN, True)

    def set_aside(self, mail: Mail) -> None:
        """Leave a mail where it is, marked as read and flagged for an operator: it cannot be read."""
        self._box.flag(mail.uid, (MailMessageFlags.SEEN, MailMessageFlags.FLAGGED), True)

    def count_set_aside(self) -> int:
        return len(self._box.uids("FLAGGED", charset=None))

    def wait(self, stopping: threading.Event) -> None:
        """Return when there may be something new, or it is time to check, or `stopping` is set."""
        # The server does not repeat what it reported during another command.
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
        """Return whether data came with the answer to IDLE: it is read already, and no poll sees it."""
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
        """End the connection, in any state."""
        try:
            self._box.logout()
        except FAILURES:
            self._box.client.shutdown()


Conclude = Callable[[Session, Mail], None]


class Mailbox:
    """Reads the mailbox until it is stopped.

    `is_outage` tells whether the database failed, and not the data that was to be written.
    """

    def __init__(
        self,
        server: MailServer,
        context: ssl.SSLContext,
        database: Database,
        *,
        organizer: str,
        authserv_id: str | None,
        is_outage: Callable[[BaseException], bool],
    ) -> None:
        self._server = server
        self._context = context
        self._database = database
        self._organizer = organizer
        self._authserv_id = authserv_id
        self._is_out = is_outage
        self._tries: Counter[tuple[str, str]] = Counter()
        self._stopping = threading.Event()
        self._reader = MailReader(self._stopping)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
        self._read_at = time.monotonic()
        self._account = f"{server.user}@{server.host}:{server.port}"
        self.set_aside = 0

    async def run(self) -> None:
        """Connect, read and wait in a loop. Every failure is retried."""
        while not self._stopping.is_set():
            try:
                await self._session()
            except ReadingStopped:
                break
            except Exception as error:
                log.warning("mailbox.failed", error=type(error).__name__)
                await self._in_thread(lambda: self._stopping.wait(PAUSE))
        await self._in_thread(self._reader.close)
        self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Read no more mails; `run` ends within a second."""
        self._stopping.set()

    def unread(self) -> float:
        """Return seconds since the mailbox was last read to its end; before that, since the start."""
        return time.monotonic() - self._read_at

    async def _session(self) -> None:
        session = await self._in_thread(lambda: Session(self._server, self._context))
        try:
            self.set_aside = await self._in_thread(session.count_set_aside)
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
            conclude = await self._take(session, mail)
            if conclude is not None:
                await self._in_thread(partial(conclude, session, mail))
            if conclude is Session.set_aside:
                self.set_aside = await self._in_thread(session.count_set_aside)
                reference = f"{session.validity}/{mail.uid}"
                log.error("mailbox.set-aside", reference=reference, number=self.set_aside)
        self._read_at = time.monotonic()

    async def _take(self, session: Session, mail: Mail) -> Conclude | None:
        """Carry out a mail; return what to do with it then, or None if it is read again."""
        arrival = await self._in_thread(lambda: self._parsed(mail))
        receipt = ("mailbox", self._account, session.validity, mail.uid)
        failed = isinstance(arrival.content, HeldReply) and arrival.content.doubt is Doubt.UNREADABLE
        try:
            ours = await self._database.once(receipt, lambda uow: answered(uow, arrival))
        except AlreadyHandled:
            # It was carried out, and the process ended before the mail was deleted.
            ours = arrival.token is not None
        except Exception as error:
            log.error("mailbox.answer-failed", error=type(error).__name__)
            return None if self._is_out(error) else self._after_failure(session, mail)
        if failed:
            return Session.set_aside
        return Session.delete if ours else Session.leave

    def _parsed(self, mail: Mail) -> IncomingMail:
        """Return the parsed mail; if parsing it fails, only what its head tells."""
        unread = Unread(mail.raw, mail.size, self._organizer, self._authserv_id)
        head = self._reader.read(replace(unread, raw=head_of(mail.raw)))
        arrival = self._reader.read(unread, reader.STRANGERS_READ if head.token is None else None)
        return arrival if arrival != unreadable() else replace(head, content=arrival.content)

    def _after_failure(self, session: Session, mail: Mail) -> Conclude | None:
        """Have the mail read again, or set aside after `TRIES` failures: then the mail itself is at fault."""
        key = (session.validity, mail.uid)
        self._tries[key] += 1
        if self._tries[key] < TRIES:
            return None
        del self._tries[key]
        return Session.set_aside

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def answered(uow: UnitOfWork, arrival: IncomingMail) -> bool:
    """Carry out one mail; return False if it is about nothing that the bot has sent."""
    known = answer_by_calendar(uow, arrival) or answer_joint_by_calendar(uow, arrival)
    return known or answer_drill_by_mail(uow, arrival) or arrival.token is not None


def is_for(mail: Mail, address: str) -> bool:
    """Return whether a mail names this address among its recipients."""
    head = mail.raw.partition(b"\r\n\r\n")[0]
    return re.search(re.escape(address).encode(), head, re.IGNORECASE) is not None

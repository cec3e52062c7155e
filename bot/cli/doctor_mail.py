"""The mail checks of `tot doctor`. With an address, an invitation is sent and the answer read."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.calendar.authentication import authserv_ids
from bot.calendar.invite import Invite
from bot.calendar.mail import address_for_answers, build_invite_mail
from bot.calendar.reply import head_of
from bot.cli.console import say
from bot.clock import SystemClock
from bot.domain.calendar.reply import IncomingMail, PartStat, Reply, Trust
from bot.domain.case.calendar import Trouble
from bot.domain.language import Language
from bot.domain.validators import FieldRefused, check_work_mail, names_tot
from bot.domain.worktime import OSLO
from bot.mail_server import tls_context
from bot.settings import HINTS, Settings
from bot.texts.words import words
from handlers.delivery.calls import OutcomeUnknown
from handlers.delivery.mail import AddressRefused, MailTrouble
from handlers.mail.inbox import FAILURES, Session, is_for
from handlers.mail.reader import MailReader, Unread
from handlers.mail.smtp import Smtp
from storage.findings import Finding, fine, look, wrong

#: Seconds between two checks of the mailbox.
LOOK_EVERY = 2.0
_NEUTRAL = "choose a neutral address, such as kalender@…"
_UNANSWERED = "answer it; if you did: mail to NAME+anything@DOMAIN of TOT_MAIL_FROM must reach its mailbox"
_TROUBLE = {
    Trouble.NO_TLS: ("offers no encryption (STARTTLS)", "use smtps://, or a server that offers it"),
    Trouble.CERTIFICATE: (
        "has a certificate that cannot be trusted",
        "use the host name in the certificate; for your own authority set TOT_MAIL_CA",
    ),
    Trouble.LOGIN: ("refuses the login", HINTS["TOT_SMTP_URL"]),
    Trouble.RELAY: (
        "refuses to send for the bot",
        "let it accept TOT_MAIL_FROM as sender, also with +anything",
    ),
    Trouble.UNREACHABLE: ("cannot be reached, or asks to wait", "allow connections to it, and try again"),
}


def examine_mail(settings: Settings, address: str | None, wait: float) -> Iterator[Finding]:
    """Check the servers. With an `address`, send an invitation and wait `wait` seconds for its answer."""
    if settings.mail_from is not None and names_tot(settings.mail_from):
        yield look("Mail address", "TOT_MAIL_FROM names TOT: anyone who sees an inbox learns of it", _NEUTRAL)
    if settings.smtp_url is None:
        if address is not None:
            yield wrong("Mail out", "TOT_SMTP_URL is not set", HINTS["TOT_SMTP_URL"])
        else:
            yield look("Mail out", "not set: calendar files go to direct messages", HINTS["TOT_SMTP_URL"])
        return
    smtp = Smtp(settings.smtp_url, tls_context(settings.mail_ca), SystemClock())
    reached = True
    try:
        asyncio.run(smtp.check())
        yield fine("Mail out", "the server accepts mail, encrypted")
    except MailTrouble as error:
        reached = False
        yield _troubled("Mail out", error)
    with contextlib.ExitStack() as closing:
        session = yield from _inbox(settings)
        if session is not None:
            closing.callback(session.close)
        if address is not None and reached:
            yield from _there_and_back(settings, smtp, session, address, wait)


def _troubled(what: str, error: MailTrouble) -> Finding:
    found, mend = _TROUBLE[error.trouble]
    return wrong(what, f"the server {found}", mend)


def _inbox(settings: Settings) -> Generator[Finding, None, Session | None]:
    """Yield findings about the mailbox, and return its open session, if any."""
    if settings.imap_url is None:
        yield look("Mail in", "not set: answers from calendars are not read", HINTS["TOT_IMAP_URL"])
        return None
    session = None
    try:
        session = Session(settings.imap_url, tls_context(settings.mail_ca))
        told = "reports new mail at once" if session.idles else "is checked twice a minute"
        yield fine("Mail in", f"the mailbox opens, and {told}")
        if number := session.count_set_aside():
            mend = "they are flagged in the mailbox: look at them with care, then delete them"
            yield look("Mails set aside", f"{number} could not be read", mend)
        else:
            yield fine("Mails set aside", "none")
    except FAILURES as error:
        yield wrong("Mail in", f"cannot be read: {type(error).__name__}", HINTS["TOT_IMAP_URL"])
    if settings.mail_authserv_id is not None:
        yield fine("Senders of mail", f"trusted if {settings.mail_authserv_id} vouches for them")
    else:
        said = "not checked, so no calendar answer counts automatically: the coordinators see each"
        yield look("Senders of mail", said, HINTS["TOT_MAIL_AUTHSERV_ID"])
    return session


def _there_and_back(
    settings: Settings, smtp: Smtp, session: Session | None, address: str, wait: float
) -> Iterator[Finding]:
    what = "Test invitation"
    try:
        recipient = check_work_mail(address)
    except FieldRefused:
        yield wrong(what, "that is not one plain e-mail address", "tot doctor --mail NAME@DOMAIN")
        return
    invite = _test_invite(settings, recipient)
    try:
        _send(smtp, invite)
        if session is None:
            yield look(what, "sent, but no answer can be read", HINTS["TOT_IMAP_URL"])
            return
        say(f"A test invitation is on its way. Answer it in the calendar within {wait:.0f} seconds.")
        answer = _answer(session, invite, wait, settings.mail_authserv_id)
        _send(smtp, replace(invite, sequence=1, cancelled=True))
    except MailTrouble as error:
        yield _troubled(what, error)
    except (AddressRefused, OutcomeUnknown) as error:
        yield wrong(what, f"it was not accepted: {type(error).__name__}", "try another address")
    except FAILURES as error:
        yield wrong(what, f"the mailbox failed: {type(error).__name__}", "try again")
    else:
        if answer is None:
            found = f"sent, but no answer came within {wait:.0f} seconds"
            yield wrong(what, found, _UNANSWERED)
            return
        arrival, said, checked_by = answer
        yield fine(what, f"sent, and answered: {said}; it has been withdrawn again")
        yield _vouched(settings, arrival.trust, checked_by)


def _test_invite(settings: Settings, recipient: str) -> Invite:
    now = SystemClock().now()
    starts_at = (now + timedelta(days=1)).replace(minute=0, second=0)
    return Invite(
        uid=secrets.token_hex(16),
        sequence=0,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        stamped_at=now,
        zone=OSLO,
        # Not one of the bot's own tokens: a bot that reads the same mailbox leaves the answer there.
        organizer=address_for_answers(settings.mail_from or "", f"doctor-{secrets.token_hex(6)}"),
        language=Language.NB,
        attendee=recipient,
        counted=settings.imap_url is not None,
    )


def _send(smtp: Smtp, invite: Invite) -> None:
    reader = words(Language.NB)
    subject, text = ("subject-withdrawn", "withdrawn") if invite.cancelled else ("subject", "answer")
    said = reader(f"mail.{text}")
    asyncio.run(smtp.send(build_invite_mail(invite, reader(f"mail.{subject}"), f"{said}\n")))


def _vouched(settings: Settings, trust: Trust, checked_by: Sequence[str]) -> Finding:
    """Return whether the bot would have counted an answer from this sender."""
    found = f"the answer carries results from: {', '.join(checked_by) or 'nobody'}"
    if trust is Trust.VOUCHED:
        return fine("Its sender", f"{settings.mail_authserv_id} vouches for them")
    if trust is Trust.UNCHECKED:
        return look("Its sender", f"is not checked; {found}", HINTS["TOT_MAIL_AUTHSERV_ID"])
    mend = "set TOT_MAIL_AUTHSERV_ID to the receiving server's name, and have it check DMARC, or DKIM and SPF"
    return look("Its sender", f"is not vouched for, so such an answer is only shown; {found}", mend)


def _answer(
    session: Session, invite: Invite, wait: float, authserv_id: str | None
) -> tuple[IncomingMail, PartStat, list[str]] | None:
    """Wait for the answer, and return it with the names of the servers that checked it; delete its mail."""
    until = time.monotonic() + wait
    with contextlib.closing(MailReader(threading.Event())) as reader:
        while time.monotonic() < until:
            for mail in session.mails(seen=True):
                if not is_for(mail, invite.organizer):
                    continue
                arrival = reader.read(Unread(mail.raw, mail.size, invite.organizer, authserv_id))
                content = arrival.content
                if isinstance(content, Reply) and content.uid == invite.uid:
                    session.delete(mail)
                    return arrival, content.answer, authserv_ids(head_of(mail.raw))
            time.sleep(LOOK_EVERY)
    return None

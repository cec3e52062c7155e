"""The mail servers for `tot doctor`; with an address, an invitation is sent and the answer read."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, build_cancel, build_request
from bot.calendar.mail import Envelope, build_invite_mail
from bot.calendar.reply import read_arrival
from bot.cli.console import say
from bot.cli.findings import Finding, fine, look, wrong
from bot.clock import SystemClock
from bot.domain.calendar.reply import Reply
from bot.domain.case.calendar import Trouble
from bot.domain.validators import MailRefused, check_work_mail
from bot.mail_server import IMAP, SMTP, mail_server, tls_context
from bot.settings import HOW, Settings
from bot.texts.words import words
from handlers.delivery.calls import OutcomeUnknown
from handlers.delivery.mail import AddressRefused, MailTrouble
from handlers.mail.inbox import FAILURES, Session, is_for
from handlers.mail.smtp import Smtp

#: Seconds between two looks into the mailbox.
LOOK_EVERY = 2.0
#: The team as a word of an address; «toten» is a municipality.
_TELLING = re.compile(r"(?<![a-zæøå])tot(bot|team)?(?![a-zæøå])", re.IGNORECASE)
_NEUTRAL = "choose an address that means nothing, such as kalender@…"
_TROUBLE = {
    Trouble.NO_TLS: ("offers no encryption (STARTTLS)", "use smtps://, or a server that offers it"),
    Trouble.CERTIFICATE: (
        "has a certificate that cannot be trusted",
        "use the name that stands in the certificate; for an authority of your own set TOT_MAIL_CA",
    ),
    Trouble.LOGIN: ("refuses the login", HOW["TOT_SMTP_URL"]),
    Trouble.RELAY: (
        "will not send for the bot",
        "have it allow TOT_MAIL_FROM, also with +anything, as sender",
    ),
    Trouble.UNREACHABLE: ("cannot be reached, or asks to wait", "open the way to it, and try again"),
}


def examine_mail(settings: Settings, address: str | None, wait: float) -> Iterator[Finding]:
    """The servers; with an `address`, an invitation there and back within `wait` seconds."""
    if settings.mail_from is not None and _TELLING.search(settings.mail_from):
        yield look("Mail address", "TOT_MAIL_FROM names TOT: whoever sees an inbox learns of it", _NEUTRAL)
    if settings.smtp_url is None or settings.mail_from is None:
        if address is not None:
            yield wrong("Mail out", "TOT_SMTP_URL is not set", HOW["TOT_SMTP_URL"])
        else:
            yield look("Mail out", "not set: calendar files go to direct messages", HOW["TOT_SMTP_URL"])
        return
    smtp = Smtp(
        mail_server(settings.smtp_url.get_secret_value(), SMTP),
        tls_context(settings.mail_ca),
        SystemClock(),
    )
    reached = _out(smtp)
    yield reached
    session: Session | None = None
    if settings.imap_url is None:
        yield look("Mail in", "not set: answers from calendars are not read", HOW["TOT_IMAP_URL"])
    else:
        try:
            server = mail_server(settings.imap_url.get_secret_value(), IMAP)
            session = Session(server, tls_context(settings.mail_ca))
            told = "tells of new mail at once" if session.idles else "is looked into twice a minute"
            yield fine("Mail in", f"the mailbox opens, and {told}")
        except FAILURES as error:
            yield wrong("Mail in", f"cannot be read: {type(error).__name__}", HOW["TOT_IMAP_URL"])
    try:
        if address is not None and not reached.mend:
            yield from _there_and_back(settings, smtp, session, address, wait)
    finally:
        if session is not None:
            session.close()


def _out(smtp: Smtp) -> Finding:
    try:
        asyncio.run(smtp.check())
    except MailTrouble as error:
        found, mend = _TROUBLE[error.trouble]
        return wrong("Mail out", f"the server {found}", mend)
    return fine("Mail out", "the server takes mail, encrypted")


def _there_and_back(
    settings: Settings, smtp: Smtp, session: Session | None, address: str, wait: float
) -> Iterator[Finding]:
    what = "Test invitation"
    try:
        recipient = check_work_mail(address).address
    except MailRefused:
        yield wrong(what, "that is not one plain e-mail address", "tot doctor --mail NAME@DOMAIN")
        return
    invite = _test_invite(settings, recipient)
    try:
        _send(settings, smtp, invite)
        if session is None:
            yield look(what, "sent; no answer can be read", HOW["TOT_IMAP_URL"])
            return
        say(f"A test invitation is on its way. Answer it in the calendar within {wait:.0f} seconds.")
        reply = _answer(session, invite, wait)
        _send(settings, smtp, replace(invite, sequence=1, cancelled=True))
    except MailTrouble as error:
        found, mend = _TROUBLE[error.trouble]
        yield wrong(what, f"the server {found}", mend)
        return
    except (AddressRefused, OutcomeUnknown) as error:
        yield wrong(what, f"it was not taken: {type(error).__name__}", "try another address")
        return
    except FAILURES as error:
        yield wrong(what, f"the mailbox failed: {type(error).__name__}", "try again")
        return
    if reply is None:
        mend = "answer it; if you did: mail to NAME+anything@DOMAIN of TOT_MAIL_FROM has to reach its mailbox"
        yield wrong(what, f"sent, but no answer came within {wait:.0f} seconds", mend)
    else:
        yield fine(what, f"sent, and answered: {reply.answer}; it is taken out of the calendar again")


def _test_invite(settings: Settings, recipient: str) -> Invite:
    # Not one of the bot's own tokens: a bot that reads the same mailbox leaves the answer there.
    local, _, domain = (settings.mail_from or "").rpartition("@")
    now = SystemClock().now()
    starts_at = (now + timedelta(days=1)).replace(minute=0, second=0)
    return Invite(
        uid=secrets.token_hex(16),
        sequence=0,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        stamped_at=now,
        zone=ZoneInfo(settings.timezone),
        organizer=f"{local}+doctor-{secrets.token_hex(6)}@{domain}",
        language=settings.language,
        attendee=recipient,
        counted=settings.imap_url is not None,
    )


def _send(settings: Settings, smtp: Smtp, invite: Invite) -> None:
    reader = words(settings.language)
    domain = invite.organizer.rpartition("@")[2]
    envelope = Envelope(
        sender=invite.organizer,
        recipient=invite.attendee or "",
        subject=reader("mail.subject-withdrawn" if invite.cancelled else "mail.subject"),
        message_id=f"{invite.uid[:20]}.{invite.sequence}@{domain}",
        written_at=invite.stamped_at,
    )
    text = f"{reader('mail.withdrawn' if invite.cancelled else 'mail.answer')}\n"
    if invite.cancelled:
        mail = build_invite_mail(envelope, text, build_cancel(invite), "CANCEL")
    else:
        mail = build_invite_mail(envelope, text, build_request(invite), "REQUEST")
    asyncio.run(smtp.send(mail))


def _answer(session: Session, invite: Invite, wait: float) -> Reply | None:
    """The answer, once it is there; its mail is deleted."""
    until = time.monotonic() + wait
    while time.monotonic() < until:
        for mail in session.mails(seen=True):
            if not is_for(mail, invite.organizer):
                continue
            content = read_arrival(mail.raw, invite.organizer, mail.size).content
            if isinstance(content, Reply) and content.uid == invite.uid:
                session.delete(mail)
                return content
        time.sleep(LOOK_EVERY)
    return None

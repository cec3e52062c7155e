"""Answers from calendars (docs/calendar-rules.md 8): any bytes in, an `IncomingMail` out.

Only what is needed is read: who answers, for which entry and version, and yes, no or perhaps. Words that a
person has written, in the mail or in a COMMENT, are never part of the result.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from icalendar import Calendar, Event

from bot.calendar.authentication import trust_in
from bot.domain.calendar.reply import Bounced, Doubt, HeldReply, IncomingMail, PartStat, Reply

LARGEST_MAIL = 2_000_000
LARGEST_PART = 200_000
LARGEST_HEAD = 64_000
#: Headers with the address that a mail came to, most reliable first; To and Cc are written by the sender.
_ADDRESSED = ("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "To", "Cc")
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_RANDOM = r"[0-9a-f]{20}"
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics"})
_NAMELESS_TYPES = frozenset({"application/octet-stream", "application/x-unknown"})
#: Plausible years; an instant outside them cannot be converted to every time zone.
YEARS = range(2000, 2200)
_ANSWERS = {p.value.upper(): p for p in PartStat}


class _Doubtful(Exception):
    """The mail has to be held."""

    def __init__(self, held: HeldReply) -> None:
        super().__init__(held.doubt)
        self.held = held


def read_arrival(
    raw: bytes, organizer: str, size: int | None = None, authserv_id: str | None = None
) -> IncomingMail:
    """Read one mail. `organizer` is the bot's own address, to which tokens are added.

    `size` is the size of the mail in bytes, if `raw` is only a part. `authserv_id` is the name under which
    our mail server vouches for senders; without it no sender is checked.

    Never raises for what is in the mail.
    """
    arrival = unreadable()
    try:
        # Parsed apart from the body: the header identifies the mail even if the body is broken.
        head = BytesHeaderParser().parsebytes(head_of(raw))
        sender = _sender(head)
        arrival = replace(arrival, token=_token(head, organizer), sender=sender)
        # The parser ends a line at a bare CR and the server does not: such a header is not trusted.
        trusted = None if authserv_id and _BARE_RETURN.search(head_of(raw)) else sender
        arrival = replace(arrival, trust=trust_in(head, authserv_id, trusted))
        mail = email.message_from_bytes(raw[:LARGEST_MAIL])
        return replace(arrival, content=_content(mail, size or len(raw), sender, organizer))
    except _Doubtful as doubtful:
        return replace(arrival, content=doubtful.held)
    except Exception:
        # Anybody can send a mail; a broken one must not stop the reading of the others.
        return arrival


def unreadable() -> IncomingMail:
    """Return a mail that could not be parsed and of which nothing is known."""
    return IncomingMail(None, None, HeldReply(Doubt.UNREADABLE))


def head_of(raw: bytes) -> bytes:
    """Return the header fields of a mail, at most `LARGEST_HEAD` bytes."""
    return re.split(rb"\r?\n\r?\n", raw[:LARGEST_HEAD], maxsplit=1)[0] + b"\r\n\r\n"


def _content(
    mail: Message, size: int, sender: str | None, organizer: str
) -> Reply | HeldReply | Bounced | None:
    if size > LARGEST_MAIL:
        return HeldReply(Doubt.NO_ANSWER)
    if mail.get_content_type() == "multipart/report":
        return _report(mail)
    objects = list(_objects(mail))
    if not objects:
        return HeldReply(Doubt.NO_ANSWER if _is_automatic(mail) else Doubt.TEXT)
    replies = [_reply(method, calendar, sender, organizer) for method, calendar in objects]
    if len(set(replies)) > 1:
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER))
    return replies[0]


def _token(mail: Message, organizer: str) -> str | None:
    local, _, domain = organizer.rpartition("@")
    address = re.compile(
        rf"(?<![\w.+-]){re.escape(local)}\+({_RANDOM})@{re.escape(domain)}(?![\w.-])", re.IGNORECASE
    )
    for name in _ADDRESSED:
        found = {t.lower() for value in mail.get_all(name, []) for t in address.findall(str(value))}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _sender(mail: Message) -> str | None:
    found = [a.lower() for _, a in getaddresses([str(v) for v in mail.get_all("From", [])]) if a]
    return found[0] if len(found) == 1 and "@" in found[0] else None


def _is_automatic(mail: Message) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        submitted.split(";")[0] != "no"
        or precedence in ("auto_reply", "bulk", "junk")
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    )


def _report(mail: Message) -> Bounced | None:
    for part in _parts(mail):
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            failed = re.search(r"^Action:\s*failed", part.as_string(), re.IGNORECASE | re.MULTILINE)
            return Bounced(_returned(mail)) if failed else None
    return None


def _returned(mail: Message) -> str | None:
    """Return the name in the Message-ID of the returned mail, if the report has it (RFC 3462, 2)."""
    for part in _parts(mail):
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            headers = part.get_payload(0)
        elif part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(str(part.get_payload()))
        else:
            continue
        if isinstance(headers, Message) and "Message-ID" in headers:
            return str(headers["Message-ID"]).strip("<> \t\r\n").partition(".")[0]
    return None


def _parts(mail: Message) -> Iterator[Message]:
    """Yield the parts of the mail itself, without those of attached mails."""
    yield mail
    if mail.is_multipart() and mail.get_content_maintype() == "multipart":
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)


def _objects(mail: Message) -> Iterator[tuple[str, Calendar]]:
    for part in _parts(mail):
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        name = str(part.get_filename() or "").lower()
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        nameless = kind in _NAMELESS_TYPES and content.lstrip()[:15].upper() == b"BEGIN:VCALENDAR"
        if kind in _CALENDAR_TYPES or name.endswith(".ics") or nameless:
            yield _object(part, content)


def _object(part: Message, content: bytes) -> tuple[str, Calendar]:
    if len(content) > LARGEST_PART:
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER))
    try:
        calendar = Calendar.from_ical(_text(part, content))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER)) from None
    if not isinstance(calendar, Calendar):
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER))
    method = str(calendar.get("METHOD", "")).strip().upper()
    announced = str(part.get_param("method") or method).strip().upper()
    if not method or announced != method:
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER))
    return method, calendar


def _text(part: Message, content: bytes) -> str:
    """Decode as declared, or as UTF-8, or each byte as one character: the parts we read are ASCII."""
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return content.decode(charset or "utf-8")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return content.decode("latin-1")


def _reply(method: str, calendar: Calendar, sender: str | None, organizer: str) -> Reply:
    events = [e for e in calendar.walk("VEVENT") if isinstance(e, Event)]
    if not events:
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER))
    uid = _uid(events[0])
    if method == "COUNTER":
        raise _Doubtful(HeldReply(Doubt.COUNTER, None, _instant(events[0], "DTSTART"), uid))
    if method != "REPLY" or len(events) > 1 or "RECURRENCE-ID" in events[0]:
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER, uid=uid))
    return _answer(events[0], uid, sender, organizer)


def _answer(event: Event, uid: str | None, sender: str | None, organizer: str) -> Reply:
    attendees = event.get("ATTENDEE")
    if attendees is None or uid is None or isinstance(attendees, list):
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER, uid=uid))
    params = attendees.params
    answer = _ANSWERS.get(str(params.get("PARTSTAT", "")).upper())
    if answer is None or "DELEGATED-TO" in params or "DELEGATED-FROM" in params:
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER, answer, uid=uid))
    attendee = _address(str(attendees))
    if "SENT-BY" in params or sender != attendee or not _is_ours(event, organizer):
        raise _Doubtful(HeldReply(Doubt.SENDER, answer, uid=uid))
    sequence, stamp = _sequence(event), _instant(event, "DTSTAMP")
    if sequence is None or stamp is None:
        raise _Doubtful(HeldReply(Doubt.NO_ANSWER, uid=uid))
    return Reply(uid, sequence, stamp, attendee, answer)


def _one(event: Event, name: str) -> str | None:
    value = event.get(name)
    return None if value is None or isinstance(value, list) else str(value)


def _uid(event: Event) -> str | None:
    """Return the UID if we can have made it; a database cannot be asked for every string."""
    uid = (_one(event, "UID") or "").strip()
    return uid if re.fullmatch(r"[!-~]{1,255}", uid) else None


def _address(value: str) -> str:
    return re.sub(r"^mailto:", "", value.strip(), flags=re.IGNORECASE).lower()


def _is_ours(event: Event, organizer: str) -> bool:
    """Return whether the named organizer is the bot. Exchange names none, which is accepted."""
    named = _one(event, "ORGANIZER")
    if named is None:
        return "ORGANIZER" not in event
    local, _, domain = organizer.lower().rpartition("@")
    return re.fullmatch(rf"{re.escape(local)}(\+{_RANDOM})?@{re.escape(domain)}", _address(named)) is not None


def _sequence(event: Event) -> int | None:
    try:
        sequence = int(str(event.get("SEQUENCE", 0)))
    except (ValueError, TypeError):
        return None
    # Clamped: we never send a larger number.
    return min(max(sequence, -1), 2**31 - 1)


def _instant(event: Event, name: str) -> datetime | None:
    try:
        at = event.decoded(name)
        if isinstance(at, datetime) and at.utcoffset() is not None:
            at = at.astimezone(UTC)
            return at if at.year in YEARS else None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        pass
    return None

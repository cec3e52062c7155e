"""Answers as mail programs send them, with their documented differences.

Outlook with Exchange: one unnamed text/calendar part in base64 next to the text, no ORGANIZER, product and
X-MICROSOFT properties, a COMMENT if one is typed, the attendee with an upper-case MAILTO.
Google Calendar: multipart/mixed with alternative and an `invite.ics`, so that the object is in it twice;
ORGANIZER kept, a VALARM inside, sent by calendar-notification@google.com but From the person.
Apple Mail and Calendar: text/calendar in quoted-printable with a file name, X-CALENDARSERVER properties.
"""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from sandbox.mail.calendar import Entry, PartStat

Client = Literal["outlook", "google", "apple"]

_WORDS: dict[str, str] = {"ACCEPTED": "Godtatt", "DECLINED": "Avslått", "TENTATIVE": "Foreløpig"}


def reply(
    client: Client,
    entry: Entry,
    partstat: PartStat,
    now: datetime,
    *,
    comment: str = "",
) -> bytes:
    """Return the mail that this program sends when its user answers."""
    return _MAKERS[client](entry, partstat, now, comment).as_bytes()


def written(got: bytes, address: str, text: str, now: datetime) -> bytes:
    """Return the mail in which the person with this address answers the mail `got` in words."""
    asked = email.message_from_bytes(got, policy=SMTP)
    mail = _mail(address, str(asked["From"]), "SV: svar", now)
    mail["In-Reply-To"] = str(asked["Message-ID"])
    mail.set_content(text)
    return mail.as_bytes()


def _z(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _calendar(*lines: str) -> bytes:
    """Return a calendar object of these lines, folded at 75 octets (RFC 5545, 3.1)."""
    folded = []
    for line in ("BEGIN:VCALENDAR", *lines, "END:VCALENDAR"):
        raw = line.encode()
        while len(raw) > 75:
            cut = 75
            while raw[cut] & 0xC0 == 0x80:
                cut -= 1
            folded.append(raw[:cut])
            raw = b" " + raw[cut:]
        folded.append(raw)
    return b"\r\n".join(folded) + b"\r\n"


def _mail(sender: str, to: str, subject: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    return mail


def _outlook(entry: Entry, partstat: PartStat, now: datetime, comment: str) -> EmailMessage:
    words = f"{_WORDS[partstat]}: {entry.summary}"
    calendar = _calendar(
        "METHOD:REPLY",
        "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VTIMEZONE",
        "TZID:W. Europe Standard Time",
        "BEGIN:STANDARD",
        "DTSTART:16010101T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:16010101T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={partstat};CN={entry.attendee}:MAILTO:{entry.attendee}",
        *([f"COMMENT;LANGUAGE=nb-NO:{comment}\\n"] if comment else []),
        f"UID:{entry.uid}",
        f"SUMMARY;LANGUAGE=nb-NO:{words}",
        f"DTSTART:{_z(entry.starts_at)}",
        f"DTEND:{_z(entry.ends_at)}",
        "CLASS:PRIVATE",
        "PRIORITY:5",
        f"DTSTAMP:{_z(now)}",
        "TRANSP:OPAQUE",
        "STATUS:CONFIRMED",
        f"SEQUENCE:{entry.sequence}",
        f"LOCATION;LANGUAGE=nb-NO:{entry.location}",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
        "END:VEVENT",
    )
    mail = _mail(entry.attendee, entry.organizer, words, now)
    mail["Thread-Topic"] = entry.summary
    mail["X-MS-Has-Attach"] = ""
    mail.set_content(f"{comment}\n", cte="quoted-printable")
    mail.add_alternative(f"<html><body>{comment}</body></html>", subtype="html", cte="quoted-printable")
    mail.add_alternative(
        calendar, maintype="text", subtype="calendar", params={"charset": "utf-8", "method": "REPLY"}
    )
    return mail


def _google(entry: Entry, partstat: PartStat, now: datetime, comment: str) -> EmailMessage:
    calendar = _calendar(
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"DTSTART:{_z(entry.starts_at)}",
        f"DTEND:{_z(entry.ends_at)}",
        f"DTSTAMP:{_z(now)}",
        f"ORGANIZER;CN={entry.organizer}:mailto:{entry.organizer}",
        f"UID:{entry.uid}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={entry.attendee};"
        f"X-NUM-GUESTS=0{';X-RESPONSE-COMMENT=' + _quoted(comment) if comment else ''}"
        f":mailto:{entry.attendee}",
        "CLASS:PRIVATE",
        f"LAST-MODIFIED:{_z(now)}",
        f"LOCATION:{entry.location}",
        f"SEQUENCE:{entry.sequence}",
        "STATUS:CONFIRMED",
        f"SUMMARY:{entry.summary}",
        "TRANSP:OPAQUE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:This is an event reminder",
        "TRIGGER:-P0DT0H10M0S",
        "END:VALARM",
        "END:VEVENT",
    )
    mail = _mail(entry.attendee, entry.organizer, f"{_WORDS[partstat]}: {entry.summary}", now)
    mail["Sender"] = "Google Calendar <calendar-notification@google.com>"
    mail.set_content(f"{entry.attendee}\n{comment}\n", cte="quoted-printable")
    mail.add_alternative(
        calendar, maintype="text", subtype="calendar", params={"charset": "UTF-8", "method": "REPLY"}
    )
    mail.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return mail


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "'").replace("\n", " ") + '"'


def _apple(entry: Entry, partstat: PartStat, now: datetime, comment: str) -> EmailMessage:
    calendar = _calendar(
        "CALSCALE:GREGORIAN",
        "METHOD:REPLY",
        "PRODID:-//Apple Inc.//macOS 15.1//EN",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{entry.attendee}",
        *([f"COMMENT:{comment}"] if comment else []),
        f"DTEND:{_z(entry.ends_at)}",
        f"DTSTAMP:{_z(now)}",
        f"DTSTART:{_z(entry.starts_at)}",
        f"LAST-MODIFIED:{_z(now)}",
        f"ORGANIZER:mailto:{entry.organizer}",
        f"SEQUENCE:{entry.sequence}",
        f"SUMMARY:{entry.summary}",
        f"UID:{entry.uid}",
        "X-CALENDARSERVER-PRIVATE-COMMENT:",
        "END:VEVENT",
    )
    mail = _mail(entry.attendee, entry.organizer, f"{entry.attendee} har svart på invitasjonen", now)
    mail.set_content("\n", cte="7bit")
    mail.add_attachment(
        calendar,
        maintype="text",
        subtype="calendar",
        filename="iCal-20261201-100000.ics",
        params={"charset": "utf-8", "method": "REPLY"},
        cte="quoted-printable",
    )
    return mail


_MAKERS: dict[Client, Callable[[Entry, PartStat, datetime, str], EmailMessage]] = {
    "outlook": _outlook,
    "google": _google,
    "apple": _apple,
}

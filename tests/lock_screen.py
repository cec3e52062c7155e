"""Every kind of message as a locked phone shows it, and every mail as a mail server sees it.

docs/interface.md has both. An exercise passes in everything that was sent: each call
to Slack and each mail is checked against the same closed sets.
"""

from __future__ import annotations

import email
import email.header
import email.policy
import re
from collections.abc import Mapping
from itertools import chain
from typing import cast

from icalendar import Calendar

from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.texts.words import words
from sandbox.mail.servers import MailServers
from sandbox.workspace import Workspace
from tests.stories.judges import locked_phone

#: All sentences that a locked phone may show.
SENTENCES = ("new", "reminder", "urgent", "answer-by", "calendar-file", "file")
#: Kinds that leave no message in Slack.
NO_MESSAGE = {
    *(Kind.HOME, Kind.STANDING, Kind.COPIES, Kind.PURGE, Kind.FORGET, Kind.ESCALATION, Kind.MEETING_TURNS),
    *(Kind.LIAISON_ENDS, Kind.MAIL_INVITE, Kind.JOINT_MAIL, Kind.DRILL_MAIL, Kind.ITEM_TURNS),
}
KINDS = [kind for kind in Kind if kind not in NO_MESSAGE]


# --- what was actually sent to Slack


def assert_lock_screens_neutral(workspace: Workspace) -> None:
    """Check every message, file and whisper that was sent against the closed set, as after every story."""
    assert any(call.method == "chat.postMessage" for call in workspace.calls), "nothing was sent"
    for call in workspace.calls:
        locked_phone(call)


# --- mail


_ADDRESS = r"[\w.+'-]+@[\w.-]+"
_BOUNDARY = r'boundary="=+\d+=="'
#: Every header allowed in the bot's mails, in any part, and its allowed content.
HEADERS: Mapping[str, str] = {
    "From": r"[a-z]+\+(doctor-)?[0-9a-f]{12,20}@[a-z.]+"
    r"|(Møtekalender|Meeting calendar) <[a-z]+\+[0-9a-f]{20}@[a-z.]+>",
    "To": _ADDRESS,
    "Subject": "(Endret: |Utgår: |Endra: |Går ut: )?Møte|Møte: kan du (ringe|ringje)\\?"
    "|(Changed: |Withdrawn: )?Meeting|Meeting: could you call\\?"
    "|Prøve: svar på denne e-posten|Test: please answer this e-mail",
    "Date": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000",
    "Message-ID": r"<[0-9a-f]{20}\.r?[0-9.]+@[a-z.]+>",
    "MIME-Version": r"1\.0",
    "Content-Type": rf'multipart/(mixed|alternative); {_BOUNDARY}|text/plain; charset="utf-8"'
    r'|text/calendar; (method="(REQUEST|CANCEL)"; )?charset="utf-8"(; method="(REQUEST|CANCEL)")?'
    r'|application/ics; name="invite\.ics"',
    "Content-Transfer-Encoding": "base64|quoted-printable|7bit",
    "Content-Disposition": r'attachment; filename="invite\.ics"',
}
#: The same for the calendar object, by property, without those of the time zone.
PROPERTIES: Mapping[str, str] = {
    "VERSION": r"2\.0",
    "PRODID": "-//calendar//NONSGML v1//EN",
    "CALSCALE": "GREGORIAN",
    "METHOD": "PUBLISH|REQUEST|CANCEL",
    "UID": "[0-9a-f]{32}",
    "SEQUENCE": r"\d+",
    "ORGANIZER": "mailto:" + _ADDRESS,
    "ATTENDEE": "mailto:" + _ADDRESS,
    "SUMMARY": "Møte|Meeting",
    "CLASS": "PRIVATE",
    "STATUS": "CONFIRMED|CANCELLED",
}
#: Times; the place and the words, which other tests check.
_OTHERS = {"DTSTAMP", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION"}


def assert_mails_neutral(servers: MailServers) -> None:
    """Check every mail that was sent, and the name in the bot's greeting, against the closed sets."""
    for sent in servers.sent:
        neutral_mail(sent.raw)
    assert servers.smtp.greetings <= {servers.address.rpartition("@")[2]}, servers.smtp.greetings


def neutral_mail(raw: bytes) -> None:
    for part in email.message_from_bytes(raw).walk():
        for name, value in part.items():
            assert name in HEADERS, f"{name}: {value}"
            assert re.fullmatch(HEADERS[name], _decoded(value)), f"{name}: {value}"
        if part.get_content_type() in ("text/calendar", "application/ics"):
            neutral_calendar(cast(bytes, part.get_payload(decode=True)))


def neutral_calendar(content: bytes) -> None:
    calendar = Calendar.from_ical(content)
    for component in chain([calendar], calendar.walk("VEVENT")):
        for name, value in component.property_items(recursive=False):
            if name in ("BEGIN", "END") or name in _OTHERS:
                continue
            assert name in PROPERTIES, name
            assert re.fullmatch(PROPERTIES[name], str(value)), f"{name}: {value}"


def _decoded(value: str) -> str:
    parts = email.header.decode_header(re.sub(r"\r?\n\s+", " ", value))
    return "".join(p.decode(c or "ascii") if isinstance(p, bytes) else p for p, c in parts)


def in_bokmaal() -> list[str]:
    """Return each sentence in bokmål."""
    said = words(Language.NB)
    given = {"answer-by": {"clock": "21:20"}}
    return [said(f"lock-screen.{key}", **given.get(key, {})) for key in SENTENCES]

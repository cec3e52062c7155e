"""A person's calendar, kept from incoming invitations as a mail program does (RFC 5546)."""

from __future__ import annotations

import email
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from typing import Literal

from icalendar import Calendar, Event

PartStat = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]


@dataclass(frozen=True)
class Entry:
    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    organizer: str
    """The organizer's address."""
    attendee: str
    """The address that the invitation is for."""
    partstat: PartStat = "NEEDS-ACTION"
    cancelled: bool = False
    event: bytes = b""
    """The event as received."""


class PersonalCalendar:
    """Entries by UID. A message older than the known entry is ignored."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def receive(self, raw: bytes) -> Entry | None:
        """Read a mail; return the entry that it adds or changes, if it is an invitation or a cancellation."""
        found = scheduling_part(raw)
        if found is None:
            return None
        method, calendar, _ = found
        entry = _entry(next(e for e in calendar.walk("VEVENT") if isinstance(e, Event)))
        known = self.entries.get(entry.uid)
        if known is not None and (entry.sequence, entry.stamp) < (known.sequence, known.stamp):
            return None
        if method == "CANCEL":
            if known is None:
                return None
            entry = replace(entry, partstat=known.partstat, cancelled=True)
        elif known is not None and entry.sequence == known.sequence:
            # The same invitation again: the answer is kept.
            entry = replace(entry, partstat=known.partstat)
        self.entries[entry.uid] = entry
        return entry

    def standing(self) -> list[Entry]:
        """Return the entries that are not cancelled or declined, soonest first."""
        shown = (e for e in self.entries.values() if not e.cancelled and e.partstat != "DECLINED")
        return sorted(shown, key=lambda e: e.starts_at)

    def answered(self, uid: str, partstat: PartStat) -> None:
        """Note the person's answer."""
        self.entries[uid] = replace(self.entries[uid], partstat=partstat)


def scheduling_part(raw: bytes) -> tuple[str, Calendar, bytes] | None:
    """Return method, object and bytes of the part for which mail programs show buttons, if it is valid."""
    mail: Message = email.message_from_bytes(raw)
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                continue
            calendar = Calendar.from_ical(content)
            method = str(part.get_param("method") or "").upper()
            if isinstance(calendar, Calendar) and method and method == str(calendar.get("METHOD")).upper():
                return method, calendar, content
    return None


def _entry(event: Event) -> Entry:
    return Entry(
        uid=str(event["UID"]),
        sequence=int(str(event.get("SEQUENCE", 0))),
        stamp=event.decoded("DTSTAMP").astimezone(UTC),
        starts_at=event.decoded("DTSTART").astimezone(UTC),
        ends_at=event.decoded("DTEND").astimezone(UTC),
        summary=str(event.get("SUMMARY", "")),
        location=str(event.get("LOCATION", "")),
        organizer=_address(str(event["ORGANIZER"])),
        attendee=_address(str(event["ATTENDEE"])),
        partstat=event["ATTENDEE"].params.get("PARTSTAT", "NEEDS-ACTION"),
        event=event.to_ical(),
    )


def _address(value: str) -> str:
    return value.lower().removeprefix("mailto:")

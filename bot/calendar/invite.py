"""Calendar objects: one event, neutral in every word (docs/calendar-rules.md 1-5, 10, 11)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.errors import CodedError
from bot.domain.language import Language
from bot.domain.validators import FieldRefused, check_work_mail
from bot.domain.worktime import OSLO
from bot.texts.words import words as to_words

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
PartStat = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED"]
#: Neutral, like everything that a mail server sees (docs/privacy.md, «Mail»).
PRODUCT = "-//calendar//NONSGML v1//EN"
#: Hexadecimal only, so that a UID cannot carry a meaning.
_UID = re.compile(r"[0-9a-f]{16,64}")
#: A place and the longest link that the form takes.
_LONGEST_PLACE = 2100


class InviteRefused(CodedError):
    """The invite would not be a valid or a safe calendar object; `code` names the reason.

    A programming error: what people type is checked earlier.
    """


@dataclass(frozen=True, slots=True)
class Invite:
    """One meeting in one person's calendar.

    Instants are aware datetimes, written in whole seconds. `uid` is random, one for every person asked;
    `organizer` and `attendee` are addresses; `place` is None for «Se Slack». `on_slack` says whether the
    person finds the details there, `counted` whether an answer from the calendar is read, `asked` whether
    they are asked to answer, `answered` which answer they have given. Nothing distinguishes a case's meeting
    from a joint one.

    Without an `attendee` it is a file for the person's direct message. Some calendars keep the old entry when
    a meeting is moved or cancelled: the message must say so (docs/calendar-rules.md 11).

    Raises InviteRefused: icalendar checks very little.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    zone: ZoneInfo
    organizer: str
    language: Language
    place: str | None = None
    cancelled: bool = False
    attendee: str | None = None
    on_slack: bool = True
    counted: bool = True
    asked: bool = True
    answered: PartStat = "NEEDS-ACTION"

    def __post_init__(self) -> None:
        if any(at.utcoffset() is None for at in (self.starts_at, self.ends_at, self.stamped_at)):
            raise InviteRefused("invite.naive-instant")
        if self.ends_at.replace(microsecond=0) <= self.starts_at.replace(microsecond=0):
            raise InviteRefused("invite.end-not-after-start")
        # A cancellation is not the first message about a meeting.
        if self.sequence < (1 if self.cancelled else 0):
            raise InviteRefused("invite.sequence")
        if not _UID.fullmatch(self.uid):
            raise InviteRefused("invite.uid")
        if not _is_plain(self.organizer):
            raise InviteRefused("invite.organizer")
        if self.attendee is not None and not _is_plain(self.attendee):
            raise InviteRefused("invite.attendee")
        if self.place is not None and not _is_one_line(self.place):
            raise InviteRefused("invite.place")


def build(invite: Invite) -> tuple[Method, bytes]:
    """Return the method and the calendar in UTF-8: a file, an invitation, or its withdrawal.

    RFC 5546, 3.2.1, 3.2.2 and 3.2.5. It has one attendee at most, so that nobody learns who else is asked.
    """
    # Loaded for the first invitation, not for the start.
    from icalendar import Calendar, Event, Timezone, vCalAddress

    words = to_words(invite.language)
    method: Method = "PUBLISH" if invite.attendee is None else "CANCEL" if invite.cancelled else "REQUEST"
    starts, ends = _written(invite.starts_at, invite.zone), _written(invite.ends_at, invite.zone)
    event = Event()
    event.add("uid", invite.uid)
    event.add("sequence", invite.sequence)
    event.add("dtstamp", _utc(invite.stamped_at))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    organizer = vCalAddress(f"mailto:{check_work_mail(invite.organizer)}")
    organizer.params["CN"] = sender_name(invite.language)
    event.add("organizer", organizer)
    event.add("summary", words("mail.subject"))
    event.add("location", invite.place or words("mail.place-in-slack"))
    event.add("description", description_of(invite))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if invite.cancelled else "CONFIRMED")
    if invite.attendee is not None:
        attendee = vCalAddress(f"mailto:{check_work_mail(invite.attendee)}")
        role = "REQ-PARTICIPANT" if invite.asked else "OPT-PARTICIPANT"
        answer = {} if invite.cancelled else {"PARTSTAT": invite.answered, "RSVP": "TRUE"}
        attendee.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": role, **answer})
        event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if {starts.tzinfo, ends.tzinfo} != {UTC}:
        calendar.add_component(Timezone.from_ical(_OSLO.strip()))
    calendar.add_component(event)
    return method, bytes(calendar.to_ical())


def description_of(invite: Invite) -> str:
    """Return the invite in words; it is also the text of the mail."""
    words = to_words(invite.language)
    said = [words("mail.details" if invite.on_slack else "mail.questions"), words("mail.only-answer")]
    if not invite.asked:
        said.append(words("mail.unasked"))
    elif not invite.counted:
        said.append(words("mail.not-counted"))
    elif invite.on_slack and invite.attendee is not None:
        # An answer given in Slack does not reach the entry: that would take a further mail for each answer.
        said.append(words("mail.answered-there"))
    return " ".join(said)


def sender_name(language: Language) -> str:
    """Return the name of the sender of invitations, in mail and in calendars."""
    return to_words(language)("mail.sender")


#: Europe/Oslo with one yearly rule for each change of the clock, given in the time before the change.
#: `Calendar.add_missing_timezones` is not used: its lists of dates have the spring change an hour late, so
#: that ical.js reads a meeting in June an hour wrong, and Outlook ignores them (docs/calendar-rules.md 1).
_OSLO = """
BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def _written(at: datetime, zone: ZoneInfo) -> datetime:
    """Return local time for Europe/Oslo, but UTC for other zones and for the hour that occurs twice."""
    wall = at.replace(microsecond=0).astimezone(zone)
    is_twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    return _utc(at) if zone.key != OSLO.key or is_twice else wall


def _utc(at: datetime) -> datetime:
    return at.replace(microsecond=0).astimezone(UTC)


def _is_plain(address: str) -> bool:
    try:
        return check_work_mail(address) == address
    except FieldRefused:
        return False


def _is_one_line(place: str) -> bool:
    unsafe = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    is_safe = not any(unicodedata.category(char) in unsafe for char in place)
    return is_safe and bool(place.strip()) and len(place) <= _LONGEST_PLACE

"""The invite without mail: its structure line by line, and how calendars read it.

Done manually, outside this repository: 18 such files (June and December, three languages, sequence 0 and 2,
and cancelled) were put through libical 3.0.20 in a small C program (parse, `icalrestriction_check`, search
for X-LIC-ERROR, start in UTC by the file's own VTIMEZONE) and through ical.js 2.2.1 (start and end likewise).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.calendar.invite import Invite, InviteRefused, build
from bot.domain.language import Language
from bot.domain.worktime import OSLO
from tests.every import every

JUNE = datetime(2026, 6, 2, 8, tzinfo=UTC)
INVITE = Invite(
    uid="0123456789abcdef0123456789abcdef",
    sequence=0,
    starts_at=JUNE,
    ends_at=JUNE + timedelta(hours=1),
    stamped_at=datetime(2026, 5, 1, 9, 1, 2, 345, tzinfo=UTC),
    zone=OSLO,
    organizer="noreply@calendar.invalid",
    language=Language.NB,
)


def lines(content: bytes) -> list[str]:
    """Return the content lines, unfolded by RFC 5545, 3.1."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def block(content: bytes, name: str) -> list[str]:
    every = lines(content)
    return every[every.index(f"BEGIN:{name}") + 1 : every.index(f"END:{name}")]


def published(invite: Invite) -> bytes:
    method, content = build(invite)
    assert method == "PUBLISH"
    return content


def moved_to(start: datetime, **changes: object) -> Invite:
    return replace(INVITE, starts_at=start, ends_at=start + timedelta(hours=1), **changes)  # type: ignore[arg-type]


def test_the_event_holds_exactly_what_it_must_and_nothing_else() -> None:
    assert sorted(block(published(INVITE), "VEVENT")) == [
        "CLASS:PRIVATE",
        "DESCRIPTION:Detaljene er i Slack. Ikke skriv noe annet enn svaret.",
        "DTEND;TZID=Europe/Oslo:20260602T110000",
        "DTSTAMP:20260501T090102Z",
        "DTSTART;TZID=Europe/Oslo:20260602T100000",
        "LOCATION:Se Slack",
        "ORGANIZER;CN=Møtekalender:mailto:noreply@calendar.invalid",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "SUMMARY:Møte",
        "UID:0123456789abcdef0123456789abcdef",
    ]


def test_the_calendar_has_a_method_and_the_short_time_zone() -> None:
    content = published(INVITE)
    head = lines(content)[: lines(content).index("BEGIN:VTIMEZONE")]
    assert sorted(head) == [
        "BEGIN:VCALENDAR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "PRODID:-//calendar//NONSGML v1//EN",
        "VERSION:2.0",
    ]
    for time, name, start, month, before, after in (
        ("DAYLIGHT", "CEST", "19700329T020000", 3, "+0100", "+0200"),
        ("STANDARD", "CET", "19701025T030000", 10, "+0200", "+0100"),
    ):
        rule = f"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH={month}"
        offsets = {f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"}
        assert set(block(content, time)) == {f"DTSTART:{start}", rule, f"TZNAME:{name}", *offsets}
    assert content.count(b"BEGIN:") == 5


def test_the_place_is_named_in_every_language() -> None:
    for language, place in zip(Language, ("Se Slack", "Sjå Slack", "See Slack"), strict=True):
        assert f"LOCATION:{place}" in block(published(replace(INVITE, language=language)), "VEVENT")


@every(
    ("start", "wall"),
    [
        (JUNE, "20260602T100000"),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), "20261201T100000"),
        (datetime(2026, 3, 28, 9, tzinfo=UTC), "20260328T100000"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "20260329T015900"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "20260329T030000"),
        (datetime(2026, 10, 24, 8, tzinfo=UTC), "20261024T100000"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "20261025T030000"),
        (datetime(2026, 10, 26, 9, tzinfo=UTC), "20261026T100000"),
    ],
)
def test_the_time_is_right_on_both_sides_of_the_clock_change(start: datetime, wall: str) -> None:
    content = published(moved_to(start))
    assert f"DTSTART;TZID=Europe/Oslo:{wall}" in lines(content)
    calendar = Calendar.from_ical(content)
    (event,), (zone,) = calendar.events, calendar.timezones
    assert start.astimezone(zone.to_tz(lookup_tzid=False)).utcoffset() == start.astimezone(OSLO).utcoffset()
    assert event.decoded("DTSTART").astimezone(UTC) == start
    assert event.decoded("DTEND").astimezone(UTC) == start + timedelta(hours=1)


def test_the_hour_that_comes_twice_and_another_zone_are_written_in_utc() -> None:
    for hour in (0, 1):
        content = published(moved_to(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)))
        assert f"DTSTART:20261025T0{hour}3000Z" in lines(content)
    content = published(replace(INVITE, zone=ZoneInfo("Europe/Stockholm")))
    assert "DTSTART:20260602T080000Z" in lines(content)
    assert b"VTIMEZONE" not in content
    # An instant's time zone does not matter.
    start = JUNE.astimezone(timezone(timedelta(hours=-5)))
    assert published(moved_to(start)) == published(INVITE)


PLACE_CHARACTERS = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])


@given(st.text(PLACE_CHARACTERS, min_size=1, max_size=500).filter(str.strip))
@example("r" * 500)
def test_any_place_is_one_property_and_comes_back_whole(place: str) -> None:
    content = published(replace(INVITE, place=place))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert len(block(content, "VEVENT")) == 11
    (event,) = Calendar.from_ical(content).events
    # icalendar reads a backslash and N as RFC 5545's line break, also in plain text.
    assert str(event["LOCATION"]) == place.replace("\\N", "\n")


WRONG: dict[str, tuple[Mapping[str, object], ...]] = {
    "invite.naive-instant": tuple(
        {name: JUNE.replace(tzinfo=None)} for name in ("starts_at", "ends_at", "stamped_at")
    ),
    "invite.end-not-after-start": tuple(
        {"ends_at": JUNE + after} for after in (timedelta(0), timedelta(hours=-1), timedelta(milliseconds=5))
    ),
    "invite.sequence": ({"sequence": -1}, {"cancelled": True}),
    "invite.uid": (
        *({"uid": uid} for uid in ("k7f3", "0123456789abcdef@tot", "0123456789ABCDEF", "0123456789abcdef\n")),
        {"uid": "0123456789abcdef\r\nATTENDEE:mailto:x@example.no"},
    ),
    "invite.organizer": (
        {"organizer": "noreply"},
        {"organizer": "a@example.no\r\nATTENDEE:mailto:x@example.no"},
    ),
    "invite.place": (
        *({"place": place} for place in ("", "  ", "Rom 1\r\nATTENDEE:mailto:x@example.no", "Rom 1\nX:1")),
        *({"place": place} for place in ("Rom\u20281", "Rom\x851", "\u202eRom 1", "r" * 2101)),
    ),
}


@every(("change", "code"), [(change, code) for code, changes in WRONG.items() for change in changes])
def test_an_invite_that_would_be_wrong_or_unsafe_is_refused_by_name(
    change: Mapping[str, object], code: str
) -> None:
    with pytest.raises(InviteRefused) as refusal:
        replace(INVITE, **change)  # type: ignore[arg-type]
    assert str(refusal.value) == code


WANTED = "UID DTSTAMP DTSTART DTEND ORGANIZER SUMMARY SEQUENCE ATTENDEE CLASS DESCRIPTION LOCATION STATUS"


def test_a_request_and_a_cancellation_have_what_the_tables_want() -> None:
    """RFC 5546, 3.2.2 and 3.2.5: one event, one attendee, who is asked only in a request."""
    asked = replace(INVITE, organizer="tot+0123456789abcdef0123@byen.example", attendee="kari@etat.example")
    for invite, method, status in (
        (asked, "REQUEST", "CONFIRMED"),
        (replace(asked, sequence=1, cancelled=True), "CANCEL", "CANCELLED"),
    ):
        told, made = build(invite)
        calendar = Calendar.from_ical(made)
        assert told == method
        assert (calendar["METHOD"], calendar["VERSION"], "UID" in calendar) == (method, "2.0", False)
        (event,) = (e for e in calendar.walk("VEVENT") if isinstance(e, Event))
        assert event["STATUS"] == status
        assert set(event) == set(WANTED.split())
        assert not isinstance(event["ATTENDEE"], list)
        answer = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if method == "REQUEST" else {}
        is_one = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
        assert dict(event["ATTENDEE"].params) == {**is_one, **answer}
        assert made.replace(b"\r\n", b"").count(b"\n") == 0
        assert all(len(line) <= 75 for line in made.split(b"\r\n"))

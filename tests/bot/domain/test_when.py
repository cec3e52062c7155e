"""Times written in three languages, times that are refused, and working hours in Norway.

By default it is Tuesday 24 November 2026, 12:30 in Bergen.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import worktime
from bot.domain.calendar_words import MONTHS, NUMBERS, WEEKDAYS
from bot.domain.when import parse_when
from bot.domain.worktime import OSLO, ClockChangeGap, TimeRefused
from tests.bot.cast import oslo
from tests.every import every

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=OSLO).astimezone(UTC)


def read(text: str, now: datetime = NOW) -> str:
    """Return the local time that the text means, as «2026-12-01 10:00»."""
    at = parse_when(text, now=now, zone=OSLO)
    assert at.tzinfo is UTC
    return f"{at.astimezone(OSLO):%Y-%m-%d %H:%M}"


#: In bokmål, nynorsk and English, by meaning.
UNDERSTOOD = {
    "2026-11-24 13:00": ("om en halv time", "in half an hour"),
    "2026-11-24 13:15": ("om 45 minutter",),
    "2026-11-24 13:30": ("om ein time",),
    "2026-11-24 14:00": ("i dag kl 14", "today at 2 pm"),
    "2026-11-24 14:30": ("idag 14:30", "om 2 timer", "om to timer", "om to timar", "in 2 hours"),
    "2026-11-24 15:00": ("24. november kl 15", "i ettermiddag kl 3", "this afternoon at 3"),
    "2026-11-24 17:00": ("i kveld kl 17",),
    "2026-11-24 19:00": ("i kveld kl 7",),
    "2026-11-24 19:30": ("i kveld kl halv åtte",),
    "2026-11-24 20:00": ("tonight at 8",),
    "2026-11-24 23:00": ("i kveld kl 23", "i natt kl 11", "tonight at 11"),
    "2026-11-25 00:00": ("i natt kl 12", "tonight at 00:00"),
    "2026-11-25 00:30": ("i natt kl. 00:30", "inatt halv ett", "tonight at 12:30"),
    "2026-11-25 02:00": ("i natt kl 2", "kl 2 i natt", "tonight at 2 am"),
    "2026-11-25 08:00": ("i morgen tidlig kl 8",),
    "2026-11-25 09:00": ("tomorrow morning at 9",),
    "2026-11-25 10:00": (
        *("i morgen kl 10", "I morgen kl. 10.", "kl 10 i morgen", "i morgon kl 10", "tomorrow at 10"),
        "  I\u00a0MORGEN   KL\u202f１０ ",
    ),
    "2026-11-25 10:15": ("imorgen klokka 10:15",),
    "2026-11-25 11:10": (
        "i morgen 11.10",
        "til i morgen 11.10",
        "til i morgon kl 11:10",
        "to tomorrow 11:10",
    ),
    "2026-11-25 15:00": ("i morgen ettermiddag kl 3",),
    "2026-11-26 09:00": ("i overmorgen kl 9", "i overmorgon klokka 9", "the day after tomorrow at 9"),
    "2026-11-27 03:00": ("fredag kl 03:00",),
    "2026-11-27 08:00": ("fredag kl 8 om morgenen", "fredag morgon kl 8"),
    "2026-11-27 09:30": ("fredag kl halv ti", "om 3 dagar kl halv ti", "Friday half past nine"),
    "2026-11-27 10:00": (
        *("fredag kl ti", "om 3 dager kl 10", "fredag denne uka kl 10", "denne fredagen kl 10"),
        *("komande fredag kl 10", "Friday at ten o'clock", "in three days at 10"),
    ),
    "2026-11-27 11:00": ("fredag formiddag kl 11",),
    "2026-11-27 12:00": ("fredag klokken tolv",),
    "2026-11-27 12:30": ("fredag halv ett",),
    "2026-11-28 11:00": ("laurdag kl 11",),
    "2026-11-30 08:00": ("kommende mandag kl 8", "førstkommende mandag kl 8"),
    "2026-11-30 09:30": (
        *("mandag 09.30", "mandag kl 09.30", "på mandag kl 0930", "måndag kl 9.30", "Monday 9:30"),
        "on Monday at 9.30",
    ),
    "2026-11-30 10:00": (
        *("mandag neste uke kl 10", "neste uke mandag kl 10", "måndag neste veke kl 10", "Monday 10 am"),
        "Monday next week at 10",
    ),
    "2026-11-30 12:00": ("Monday at 12 pm",),
    "2026-11-30 14:00": ("Monday 2pm",),
    "2026-11-30 14:30": ("Monday 2:30 p.m.",),
    "2026-12-01 10:00": (
        *("tirsdag kl 10", "tirsdag 1. desember kl 10", "tirsdag, 1. desember 2026, kl. 10.00"),
        *("tirsdag den 1. desember kl 10", "1.12 kl 10", "1.12. kl 10", "kl 10 1.12", "01.12.2026 10.00"),
        *("1.12.26 kl 10", "1/12 kl 10", "1/12-26 kl 10", "1. des kl 10", "2026-12-01 10:00"),
        *("2026-12-01 kl 10", "om en uke kl 10", "tysdag 1. desember kl 10"),
        *("om ei veke kl 10", "December 1 at 10", "Tuesday, December 1st, 2026 at 10 am"),
        "1st of December at 10:00",
    ),
    "2026-12-01 10:12": ("1. desember 10.12",),
    "2026-12-24 10:00": ("24.12 kl 10",),
    "2027-01-03 10:00": ("3. januar kl 10",),
    "2028-02-29 10:00": ("29. februar kl 10",),
}


@every(("text", "meaning"), [(text, meaning) for meaning, texts in UNDERSTOOD.items() for text in texts])
def test_what_people_write_is_understood(text: str, meaning: str) -> None:
    assert read(text) == meaning


REFUSED: dict[str, tuple[str, ...]] = {
    "when.not-understood": (
        *("", "   ", "ja", "når det passer", "kl", "i morgen " * 20),
        # Only a part of it is a time.
        *("møte i morgen kl 10", "ikke i morgen kl 10", "i morgen kl 10 kanskje", "i morgen kl 10?"),
        *("cirka kl 10 i morgen", "etter kl 10 i morgen", "i morgen kl 10 eller fredag"),
        *("mandag-fredag kl 10", "hver mandag kl 10", "første desember kl 10", "i morgen kl 10-11"),
        *("i morgen 10.00–11.30", "i morgen fra 10 til 11", "tomorrow at 10 to 11"),
        # It can mean several times, or says neither day nor clock exactly.
        *("neste mandag kl 10", "neste tysdag", "next Tuesday 10 am", "tirsdag kl 14"),
        *("fredag kvart på ti", "fredag fem over halv ti", "Friday at ten past ten"),
        *("mandag kl 3", "tomorrow at 5", "i morgen halv tre", "i morgen 10", "1. desember 10"),
        *("Friday at half ten", "mandag 10.12", "10.12", "10.12 11.10"),
        *("over helgen", "over helga kl 10", "after the weekend", "til uka", "til helga", "snart"),
        *("i morgen", "i natt", "neste uke", "1. desember", "i ettermiddag"),
        *("kl 14", "neste uke kl 10"),
        # The parts contradict each other.
        *("mandag 1. desember kl 10", "i morgen, mandag, kl 10"),
        *("i morgen 1. desember kl 10", "mandag tirsdag kl 10", "1. desember neste uke denne uka kl 10"),
        *("mandag kl 10 kl 11", "i kveld kl 14", "i ettermiddag kl 10"),
        *("i natt kl 14", "i natt kl 6", "i morgen i natt kl 23", "tonight at 3 pm"),
        *("i morgen formiddag ettermiddag kl 12", "om 2 timer kl 10"),
    ),
    "when.no-such-time": (
        *("i morgen kl 25", "i morgen kl 10:60", "i morgen kl 24", "tomorrow 13 pm"),
        *("i morgen halv 25", "i morgen halv 0", "31. november kl 10", "31.2 kl 10", "29.2.2027 kl 10"),
        "2026-13-01 10:00",
    ),
    "when.in-the-past": (
        *("i dag kl 12.30", "i dag kl 10", "24. november kl 10", "mandag denne uka kl 10"),
        *("1.12.2025 kl 10", "om 0 minutter"),
    ),
    "when.clock-change": ("28. mars 2027 kl 02:30", "31. oktober 2027 kl 02:00"),
}


@every(("text", "code"), [(text, code) for code, texts in REFUSED.items() for text in texts])
def test_what_is_not_wholly_clear_is_refused_by_name(text: str, code: str) -> None:
    """And the refusal never contains the text."""
    with pytest.raises(TimeRefused) as refusal:
        read(text)
    assert str(refusal.value) == code


@every(
    ("text", "now", "meaning"),
    [
        # Tonight is the night that comes, or that it is now; at five, the evening, as people mean it.
        ("i natt kl 4", "2026-06-10 02:00", "2026-06-10 04:00"),
        ("tonight at 04:00", "2026-06-10 02:00", "2026-06-10 04:00"),
        ("i natt kl 1", "2026-06-10 06:00", "2026-06-11 01:00"),
        ("tonight at 5", "2026-06-10 02:00", "2026-06-10 17:00"),
        # Today is the local day and not that of UTC.
        ("i dag kl 10", "2026-06-10 00:30", "2026-06-10 10:00"),
        # Hours elapse, and days are counted on the calendar; the missing hour is that of another day.
        ("om 24 timer", "2027-03-27 12:00:30", "2027-03-28 13:00"),
        ("i morgen kl 12", "2027-03-27 12:00:30", "2027-03-28 12:00"),
        ("mandag kl 02:30", "2026-03-29 12:00", "2026-03-30 02:30"),
    ],
)
def test_it_is_read_at_a_moment(text: str, now: str, meaning: str) -> None:
    assert read(text, oslo(now)) == meaning


def test_in_the_night_an_earlier_hour_is_over_and_the_day_is_that_of_the_teams_zone() -> None:
    with pytest.raises(TimeRefused, match="in-the-past"):
        read("i natt kl 1", oslo("2026-06-10 02:00"))
    at = parse_when("tomorrow at 10", now=oslo("2026-06-10 00:30"), zone=ZoneInfo("America/New_York"))
    assert at == datetime(2026, 6, 10, 14, 0, tzinfo=UTC)


VOCABULARY = (
    *(*MONTHS, *WEEKDAYS, *NUMBERS),
    *("i", "om", "på", "over", "halv", "kvart", "kl", "at", "dag", "morgen", "overmorgen", "ettermiddag"),
    *("kveld", "neste", "next", "denne", "uke", "uka", "timer", "dager", "den", "the", "of", "in", "am"),
    *("pm", "-", ",", ".", "?", "1", "9", "10", "12", "24", "31", "10.12", "1.12.", "09.30", "9:30"),
    *("10-11", "1/12", "2026", "2026-12-01"),
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(VOCABULARY), max_size=7).map(" ".join)))
def test_any_text_is_refused_by_name_or_is_a_time_ahead(text: str) -> None:
    try:
        at = parse_when(text, now=NOW, zone=OSLO)
    except TimeRefused:
        return
    assert at.tzinfo is UTC
    assert at > NOW


@given(st.datetimes(datetime(2026, 11, 25), datetime(2028, 11, 1)))  # noqa: DTZ001
def test_a_date_written_in_full_is_read_back(wall: datetime) -> None:
    expected = f"{wall:%Y-%m-%d %H:%M}"
    try:
        assert read(expected) == expected
        assert read(f"{wall:%d.%m.%Y} kl {wall:%H.%M}") == expected
        assert read(f"{wall.day}/{wall.month} {wall.year} {wall:%H:%M}") == expected
    except ClockChangeGap:
        assert wall.hour == 2


WORKING = ("2026-11-24", "2026-04-01", "2026-05-15", "2026-12-23", "2026-12-28", "2018-10-31")
#: A weekend, Easter, Kristi himmelfartsdag and the other days off; 17 May 2027 is a Monday.
OFF = (
    *("2026-11-28", "2026-11-29", "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01"),
    *("2026-05-14", "2026-05-25", "2027-05-17", "2026-12-24", "2026-12-25", "2026-12-31"),
)


@every(("day", "working"), [(day, days is WORKING) for days in (WORKING, OFF) for day in days])
def test_working_days(day: str, working: bool) -> None:
    assert worktime.is_working_day(date.fromisoformat(day)) is working


@every(
    ("at", "earlier", "later"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 08:00", "2026-11-24 08:00", "2026-11-24 08:00"),
        ("2026-11-24 16:00", "2026-11-24 16:00", "2026-11-24 16:00"),
        ("2026-11-24 16:01", "2026-11-24 16:00", "2026-11-25 08:00"),
        ("2026-11-24 07:59", "2026-11-23 16:00", "2026-11-24 08:00"),
        ("2026-11-29 10:00", "2026-11-27 16:00", "2026-11-30 08:00"),
        ("2026-12-25 12:00", "2026-12-23 16:00", "2026-12-28 08:00"),
        ("2026-04-04 12:00", "2026-04-01 16:00", "2026-04-07 08:00"),
    ],
)
def test_a_moment_is_moved_into_working_hours(at: str, earlier: str, later: str) -> None:
    assert worktime.previous_working_moment(oslo(at)) == oslo(earlier)
    assert worktime.next_working_moment(oslo(at)) == oslo(later)


@every("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_hour_of_the_clock_change_is_refused_and_its_edges_are_not(day: date) -> None:
    for minute in (0, 30, 59):
        with pytest.raises(worktime.ClockChangeGap):
            worktime.local(day, time(2, minute))
    assert worktime.local(day, time(1, 59)).astimezone(worktime.OSLO).time() == time(1, 59)
    assert worktime.local(day, time(3)).astimezone(worktime.OSLO).time() == time(3)
    assert worktime.local(day, time(2, 30), ZoneInfo("UTC")).time() == time(2, 30), "it changes only there"


@every(
    ("at", "hours", "before"),
    [
        ("2026-11-24 10:00", 24, "2026-11-23 10:00"),
        ("2026-03-29 10:00", 24, "2026-03-28 10:00"),  # 23 hours
        ("2026-10-25 10:00", 24, "2026-10-24 10:00"),  # 25 hours
        ("2026-10-26 10:00", 72, "2026-10-23 10:00"),
        ("2026-10-26 10:00", 26, "2026-10-25 08:00"),
        ("2026-11-24 10:00", 2, "2026-11-24 08:00"),
        ("2026-03-29 04:00", 2, "2026-03-29 01:00"),  # two elapsed hours, not two on the clock
        # A time that is skipped or doubled on the day before: early rather than late.
        ("2026-03-30 02:30", 24, "2026-03-29 01:30"),
        ("2026-10-26 02:30", 24, "2026-10-25 02:30"),
    ],
)
def test_a_day_before_is_the_same_clock_time(at: str, hours: int, before: str) -> None:
    assert worktime.wall_clock_before(oslo(at), hours=hours) == oslo(before)


@every(
    ("at", "ends"),
    [
        ("2026-11-24 07:30", "2026-11-24 12:00"),
        ("2026-11-24 08:00", "2026-11-24 12:00"),
        ("2026-11-24 08:01", "2026-11-24 16:00"),
        ("2026-11-24 12:00", "2026-11-24 16:00"),
        ("2026-11-24 12:01", "2026-11-25 12:00"),
        ("2026-11-27 12:01", "2026-11-30 12:00"),
    ],
)
def test_half_days_end_at_noon_and_at_the_days_end(at: str, ends: str) -> None:
    assert worktime.end_of_half_day(oslo(at)) == oslo(ends)

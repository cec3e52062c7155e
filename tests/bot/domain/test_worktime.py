"""Working days and hours in Norway, and the clock on the wall across its two changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import worktime
from bot.domain.language import Language
from tests.bot.cast import oslo
from tests.every import every

DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def in_hours(at: datetime, hours: worktime.WorkHours) -> bool:
    wall = at.astimezone(worktime.OSLO)
    return worktime.is_working_day(wall.date()) and hours.start <= wall.time() <= hours.end


WORKING = ("2026-11-24", "2026-04-01", "2026-05-15", "2026-12-23", "2026-12-28", "2018-10-31")
#: A weekend, Easter, Kristi himmelfartsdag and the other days off; 17 May of 2027 is a Monday.
OFF = (
    *("2026-11-28", "2026-11-29", "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01"),
    *("2026-05-14", "2026-05-25", "2027-05-17", "2026-12-24", "2026-12-25", "2026-12-31"),
)


@every(("day", "working"), [(day, days is WORKING) for days in (WORKING, OFF) for day in days])
def test_working_days(day: str, working: bool) -> None:
    assert worktime.is_working_day(date.fromisoformat(day)) is working


@every(
    ("day", "nb", "nn", "en"),
    [
        ("2026-12-24", "Julaften", "Julaftan", "Christmas Eve"),
        ("2026-12-31", "Nyttårsaften", "Nyttårsaftan", "New Year's Eve"),
        ("2026-04-02", "Skjærtorsdag", "Skjertorsdag", "Maundy Thursday"),
        ("2026-05-17", "Grunnlovsdag", "Grunnlovsdag", "Constitution Day"),
    ],
)
def test_a_day_off_has_its_name_in_three_languages(day: str, nb: str, nn: str, en: str) -> None:
    names = [worktime.holiday_name(date.fromisoformat(day), language) for language in Language]
    assert names == [nb, nn, en]


@given(DAYS)
def test_a_day_off_has_a_name_in_every_language_or_in_none(day: date) -> None:
    assert len({worktime.holiday_name(day, language) is None for language in Language}) == 1


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


HOURS = [worktime.WorkHours(*own) for own in ((), (time(7, 30), time(15)), (time(0), time(23)))]


@given(INSTANTS, st.sampled_from(HOURS))
def test_earlier_is_never_later_and_both_are_working_time(at: datetime, hours: worktime.WorkHours) -> None:
    earlier, later = worktime.previous_working_moment(at, hours), worktime.next_working_moment(at, hours)
    assert earlier <= at <= later
    assert in_hours(earlier, hours)
    assert in_hours(later, hours)
    assert earlier.tzinfo is UTC
    assert later.tzinfo is UTC
    assert in_hours(at, hours) == (earlier == at) == (later == at)


@every(
    ("at", "hours", "then"),
    [
        ("2026-11-24 10:00", 24, "2026-11-25 10:00"),
        ("2026-11-24 20:00", 24, "2026-11-25 20:00"),
        ("2026-11-27 15:00", 24, "2026-11-30 15:00"),
        ("2026-11-28 12:00", 24, "2026-12-01 08:00"),
        ("2026-04-01 12:00", 24, "2026-04-07 12:00"),  # Easter
        ("2026-04-01 12:00", 48, "2026-04-08 12:00"),
        ("2026-12-23 12:00", 24, "2026-12-28 12:00"),
        ("2026-11-27 23:50", 1, "2026-11-30 00:50"),
        ("2026-03-27 12:00", 24, "2026-03-30 12:00"),  # the clock is changed between
    ],
)
def test_a_wait_passes_over_days_off(at: str, hours: int, then: str) -> None:
    assert worktime.add_on_working_days(oslo(at), timedelta(hours=hours)) == oslo(then)


def test_working_time_is_not_taken_away_and_hours_must_have_a_length() -> None:
    with pytest.raises(ValueError, match="added"):
        worktime.add_working_hours(oslo("2026-11-24 10:00"), timedelta(hours=-1))
    with pytest.raises(ValueError, match="start"):
        worktime.WorkHours(time(16), time(8))


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
        ("2026-03-29 04:00", 2, "2026-03-29 01:00"),  # two hours that pass, not two on the dial
        # A time that there is not, or twice, the day before: early rather than late.
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

"""When the next meeting of a rhythm is proposed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import worktime
from bot.domain.case.entities import Rhythm
from bot.domain.meeting import next_time
from tests.bot.cast import OSLO, oslo


@pytest.mark.parametrize(
    ("last", "rhythm", "wanted"),
    [
        ("2026-12-01 10:00", Rhythm.WEEKLY, "2026-12-08 10:00"),
        ("2026-12-01 10:00", Rhythm.FORTNIGHTLY, "2026-12-15 10:00"),
        ("2026-12-08 10:00", Rhythm.MONTHLY, "2027-01-12 10:00"),
        # The fifth Tuesday of a month that has four: the last one.
        ("2026-12-29 10:00", Rhythm.MONTHLY, "2027-01-26 10:00"),
        # 25 December is a holiday, and then comes the weekend.
        ("2026-12-18 13:30", Rhythm.WEEKLY, "2026-12-28 13:30"),
        # The clock time stays when the clock is changed.
        ("2027-03-23 10:00", Rhythm.WEEKLY, "2027-03-30 10:00"),
    ],
)
def test_the_same_weekday_and_time_on_a_working_day(last: str, rhythm: Rhythm, wanted: str) -> None:
    at = oslo(last)
    assert next_time(at, rhythm, at, OSLO) == oslo(wanted)


def test_what_has_passed_is_left_out() -> None:
    now = oslo("2026-12-22 12:00")
    assert next_time(oslo("2026-12-01 10:00"), Rhythm.WEEKLY, now, OSLO) == oslo("2026-12-29 10:00")


@given(
    days=st.integers(0, 2000),
    minutes=st.integers(0, 24 * 60 - 1),
    rhythm=st.sampled_from(Rhythm),
    later=st.timedeltas(timedelta(0), timedelta(days=400)),
)
def test_it_is_ahead_and_on_a_working_day(days: int, minutes: int, rhythm: Rhythm, later: timedelta) -> None:
    last = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days, minutes=minutes)
    now = last + later
    at = next_time(last, rhythm, now, OSLO)
    assert now < at < now + timedelta(days=50)
    assert worktime.is_working_day(at.astimezone(OSLO).date())

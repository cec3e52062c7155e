"""When the next meeting of a rhythm is proposed."""

from __future__ import annotations

from bot.domain.case.entities import Rhythm
from bot.domain.meeting import SoonKind, likely_soon, next_time, soon
from tests.bot.cast import OSLO, oslo
from tests.every import every


@every(
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
    assert at < oslo(wanted) < next_time(at, rhythm, oslo(wanted), OSLO), "ahead of now"


def times(now: str) -> list[tuple[str, str]]:
    """The choices at this wall time: the clock of each, and what it is called."""
    found = soon(oslo(now), OSLO)
    said = [f"{t.minutes}" if t.kind is SoonKind.MINUTES else t.kind.value for t in found]
    return [(f"{t.at.astimezone(OSLO):%d. %H:%M}", word) for t, word in zip(found, said, strict=True)]


def test_a_friday_evening_has_no_monday_in_it() -> None:
    """Within the hours ahead, and the next morning, which is a Saturday's."""
    assert times("2026-12-04 21:02") == [
        ("04. 21:30", "30"),
        ("04. 22:00", "60"),
        ("04. 22:30", "90"),
        ("05. 09:00", "morning"),
    ]
    assert likely_soon(soon(oslo("2026-12-04 21:02"), OSLO)).minutes == 60


def test_by_day_there_is_this_evening_and_at_night_this_morning() -> None:
    assert ("07. 20:00", "tonight") in times("2026-12-07 10:00")
    for now, day in (("02:00", "07"), ("07:24", "07"), ("07:25", "08"), ("08:00", "08")):
        assert times(f"2026-12-07 {now}")[-1] == (f"{day}. 09:00", "morning")
    assert ("07. 20:00", "tonight") in times("2026-12-07 18:24")
    assert ("07. 20:00", "tonight") not in times("2026-12-07 18:25")
    twice = times("2026-10-25 01:10")
    assert twice == [("25. 01:40", "30"), ("25. 09:00", "morning")], "none that comes twice"

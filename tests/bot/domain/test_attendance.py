"""A meeting in progress: who is present and leads, whether there is a quorum, the next meeting's proposal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import attendance
from bot.domain.case.entities import (
    Answer,
    Attendance,
    EscalationStep,
    Rhythm,
    SeatEnd,
    StepKind,
    Via,
)
from bot.domain.meeting import likely_soon, next_time, soon
from tests.bot.case_files import ask, case_file, duty, meeting, part, seat
from tests.bot.cast import HOUR, OSLO, T0, oslo
from tests.every import every

START = T0 + 26 * HOUR
FOUR = ("police", "welfare", "health", "counsel")


@every(
    ("came", "few"),
    [
        ((), True),
        (("police", "health", "counsel"), True),
        (("police", "welfare"), True),
        (("police", "welfare", "counsel"), False),
        (FOUR, False),
    ],
)
def test_too_few_or_none_of_a_group(came: tuple[str, ...], few: bool) -> None:
    duties = (duty(each, attendance=Attendance.PRESENT if each in came else None) for each in FOUR)
    file = case_file(*map(part, FOUR), *duties, meeting())
    assert attendance.too_few(file, file.meetings[0]) is few
    bare = case_file(meeting())
    assert not attendance.too_few(bare, bare.meetings[0]), "without duties nobody is lacking"


def test_who_has_answered_or_could_read_the_summons_was_reached() -> None:
    def reached(*facts: object, steps: tuple[EscalationStep, ...] = (), **answer: Any) -> bool:
        """Return whether the police were reached; one was asked who has not confirmed taushetsplikt."""
        asked = ask("officer", "police", **answer)
        silent = seat("officer", "police", confirmed=False)
        file = case_file(part("police"), duty("police"), asked, *(facts or (silent,)), meeting())
        file = replace(file, steps=steps)
        return attendance.was_reached(file, file.duties[0])

    assert not reached(), "a message that nobody has reacted to"
    assert reached(seat("officer", "police")), "they have confirmed, and could read the summons"
    assert reached(answer=Answer.DECLINED)
    assert reached(told_via=Via.PHONE)
    assert reached(seat("officer", "police", confirmed=False, ended_at=START, end=SeatEnd.PASSED_ON))
    assert not reached(seat("officer", "police", confirmed=False, ended_at=T0 - HOUR, end=SeatEnd.PASSED_ON))
    left = seat("officer", "police", ended_at=START - HOUR, end=SeatEnd.DEACTIVATED)
    assert not reached(left), "whoever had confirmed is gone"
    named = EscalationStep("s", "case", "duty:police:meeting", "a", 0, StepKind.LEADER, START, "leader")
    assert not reached(steps=(named,)), "the leader was asked, and was silent too"
    assert reached(steps=(replace(named, answered_at=START),))
    assert not reached(answer=Answer.CONFIRMED, sequence=3), "of another time than it was held at"


@every(("spoke", "reached"), [(T0 + HOUR, True), (T0 - HOUR, False)])
def test_whom_the_coordinator_reaches_was_reached_if_they_spoke_since(spoke: datetime, reached: bool) -> None:
    theirs = seat("lawyer", "counsel", acknowledged_at=spoke, acknowledged_via=Via.PHONE)
    file = case_file(part("counsel"), duty("counsel"), ask("lawyer", "counsel"), theirs, meeting())
    assert attendance.was_reached(file, file.duties[0]) is reached


@every(
    ("last", "rhythm", "wanted"),
    [
        ("2026-12-01 10:00", Rhythm.WEEKLY, "2026-12-08 10:00"),
        ("2026-12-01 10:00", Rhythm.FORTNIGHTLY, "2026-12-15 10:00"),
        ("2026-12-08 10:00", Rhythm.MONTHLY, "2027-01-12 10:00"),
        # The fifth Tuesday, in a month with four: the last one.
        ("2026-12-29 10:00", Rhythm.MONTHLY, "2027-01-26 10:00"),
        # 25 December is a holiday, followed by the weekend.
        ("2026-12-18 13:30", Rhythm.WEEKLY, "2026-12-28 13:30"),
        # The clock time is kept across the clock change.
        ("2027-03-23 10:00", Rhythm.WEEKLY, "2027-03-30 10:00"),
    ],
)
def test_the_same_weekday_and_time_on_a_working_day(last: str, rhythm: Rhythm, wanted: str) -> None:
    at = oslo(last)
    assert next_time(at, rhythm, at, OSLO) == oslo(wanted)
    assert at < oslo(wanted) < next_time(at, rhythm, oslo(wanted), OSLO), "ahead of now"


def times(now: str) -> list[tuple[str, str]]:
    """Return the choices at this wall time: each clock time, and in how many minutes if it says so."""
    return [(f"{t.at.astimezone(OSLO):%d. %H:%M}", f"{t.minutes or ''}") for t in soon(oslo(now), OSLO)]


def test_a_friday_evening_has_no_monday_in_it() -> None:
    """Only the next hours, and the next morning, a Saturday."""
    assert times("2026-12-04 21:02") == [
        ("04. 21:30", "30"),
        ("04. 22:00", "60"),
        ("04. 22:30", "90"),
        ("05. 09:00", ""),
    ]
    assert likely_soon(soon(oslo("2026-12-04 21:02"), OSLO)).minutes == 60


def test_by_day_there_is_this_evening_and_at_night_this_morning() -> None:
    assert ("07. 20:00", "") in times("2026-12-07 10:00")
    for now, day in (("02:00", "07"), ("07:24", "07"), ("07:25", "08"), ("08:00", "08")):
        assert times(f"2026-12-07 {now}")[-1] == (f"{day}. 09:00", "")
    assert ("07. 20:00", "") in times("2026-12-07 18:24")
    assert ("07. 20:00", "") not in times("2026-12-07 18:25")
    twice = times("2026-10-25 01:10")
    assert twice == [("25. 01:40", "30"), ("25. 09:00", "")], "none that comes twice"

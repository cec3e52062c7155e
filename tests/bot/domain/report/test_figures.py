"""What the duty report counts: every registered duty once in each group of classes, and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from bot.domain.case.duty import Count, Measure
from bot.domain.case.entities import Answer, Ask, Attendance
from bot.domain.report.figures import ANSWERS, Period, build, month_after, tally, this_year
from tests.bot import cast
from tests.bot.case_files import ask, case_file, duty, meeting, part
from tests.bot.cast import DAY, HOUR, MINUTE, T0, oslo
from tests.every import every

HELD: dict[str, Any] = {"registered_at": T0 + 28 * HOUR}
CAME: dict[str, Any] = {"attendance": Attendance.PRESENT}
NOVEMBER = date(2026, 11, 1)


def counted(*asks: Ask, **facts: Any) -> Counter[Measure]:
    """The numbers of the police alone, who had a duty and were asked these."""
    file = case_file(part("police"), meeting(**HELD), duty("police", **(CAME | facts)), *asks)
    return Counter({measure: n for (_, _, measure), n in tally(file).items()})


def answers(numbers: Counter[Measure]) -> list[Measure]:
    return [m for m in ANSWERS for _ in range(numbers[m])]


@every(
    ("took", "measure"),
    [
        (0 * MINUTE, Measure.ANSWERED_IN_15_MINUTES),
        (15 * MINUTE, Measure.ANSWERED_IN_15_MINUTES),
        (16 * MINUTE, Measure.ANSWERED_IN_1_HOUR),
        (HOUR, Measure.ANSWERED_IN_1_HOUR),
        (HOUR + MINUTE, Measure.ANSWERED_IN_1_DAY),
        (DAY, Measure.ANSWERED_IN_1_DAY),
        (DAY + MINUTE, Measure.ANSWERED_LATER),
    ],
)
def test_how_long_an_answer_took(took: timedelta, measure: Measure) -> None:
    numbers = counted(ask("officer", "police", answer=Answer.DECLINED, answered_at=T0 + took))
    assert answers(numbers) == [measure]


YES, NO = {"answer": Answer.CONFIRMED}, {"answer": Answer.DECLINED}
FIRST = {"escalated_from": "ask:officer:police:meeting"}
FOR_THEM = {"deputy_for": "ask:officer:police:meeting"}


QUICK = Measure.ANSWERED_IN_15_MINUTES


def by(person_id: str, asked: int, answered: int | None = None, **facts: Any) -> Ask:
    """A question put to somebody of the police, and answered, so many minutes after T0, with its window."""
    window = {"asked_at": T0 + asked * MINUTE, "window_ends_at": T0 + (asked + 60) * MINUTE}
    told = {"answered_at": T0 + answered * MINUTE} if answered is not None else {}
    return ask(person_id, "police", **{**window, **told, **facts})


@every(
    ("asks", "took", "in_time"),
    [
        # A chain is one duty, and is answered from its first ask to its first answer.
        ([by("officer", 0), by("sergeant", 30, 50, **YES, **FIRST)], Measure.ANSWERED_IN_1_HOUR, 1),
        # Who is asked because another was silent has no more time.
        ([by("officer", 0), by("sergeant", 30, 61, **YES, **FIRST)], Measure.ANSWERED_IN_1_DAY, 0),
        # A deputy answers for the agency within a window of their own.
        ([by("officer", 0, 10, **NO), by("sergeant", 10, 65, **YES, **FOR_THEM)], QUICK, 1),
        # A changed answer counts from when it was first given.
        ([by("officer", 0, 1200, first_answered_at=T0 + 5 * MINUTE, **YES)], QUICK, 1),
        # Passing a question on does not begin anew.
        ([by("officer", 0, withdrawn_at=T0), by("sergeant", 30, 40, **YES)], Measure.ANSWERED_IN_1_HOUR, 1),
        ([], Measure.NOT_ANSWERED, 0),
    ],
)
def test_an_agency_answers_once(asks: list[Ask], took: Measure, in_time: int) -> None:
    numbers = counted(*asks)
    found = (numbers[Measure.SUMMONED], answers(numbers), numbers[Measure.CONFIRMED_IN_TIME])
    assert found == (1, [took], in_time)


@every("how", Attendance)
def test_an_agency_came_or_stayed_away_in_one_way(how: Attendance) -> None:
    numbers = counted(attendance=how, written_report=True)
    assert [numbers[each] for each in (Measure(how.value), Measure.WRITTEN_REPORT)] == [1, 1]


def test_what_was_asked_before_a_move_is_another_question() -> None:
    file = case_file(
        *(part("police"), meeting(**HELD, sequence=1), duty("police", **CAME)),
        ask("officer", "police", answer=Answer.CONFIRMED, answered_at=T0 + MINUTE, withdrawn_at=T0 + HOUR),
        ask("sergeant", "police", sequence=1, asked_at=T0 + HOUR),
        *(part("health"), duty("health", **CAME)),
        ask("both", "health", sequence=1, answer=Answer.CONFIRMED, answered_at=T0 + HOUR),
    )
    assert tally(file)["police", NOVEMBER, Measure.NOT_ANSWERED] == 1


@every(
    ("of_meeting", "of_duty"),
    [
        ({}, CAME),
        (HELD, {"attendance": None}),
        (HELD, CAME | {"withdrawn_at": T0}),
        (HELD | {"cancelled_at": T0}, CAME),
    ],
)
def test_what_is_not_registered_withdrawn_or_called_off_is_not_counted(
    of_meeting: dict[str, Any], of_duty: dict[str, Any]
) -> None:
    assert not tally(case_file(part("police"), meeting(**of_meeting), duty("police", **of_duty)))


def test_the_month_is_that_of_the_teams_own_calendar() -> None:
    at_new_year = meeting(oslo("2027-01-01 00:30"), **HELD)
    (key, *_) = tally(case_file(part("police"), at_new_year, duty("police", **CAME)))
    assert key[1] == date(2027, 1, 1)


def test_months() -> None:
    assert Period(date(2026, 11, 1), date(2027, 2, 1)).months == (
        *(date(2026, 11, 1), date(2026, 12, 1)),
        *(date(2027, 1, 1), date(2027, 2, 1)),
    )
    assert Period(date(2026, 2, 1), date(2026, 1, 1)).months == ()
    assert this_year(date(2026, 1, 31)) == Period(date(2026, 1, 1), date(2026, 1, 1))
    assert month_after(date(2026, 1, 1), -1) == date(2025, 12, 1)


def test_what_is_kept_and_what_is_there_are_added_within_the_period() -> None:
    file = case_file(part("police"), meeting(**HELD), duty("police", **CAME))
    kept = [
        Count("1", "team", "police", NOVEMBER, Measure.SUMMONED, 3),
        Count("2", "team", "police", NOVEMBER, Measure.PRESENT, 3),
        Count("3", "team", "health", NOVEMBER, Measure.SUMMONED, 3),
        Count("4", "team", "social", date(2026, 10, 1), Measure.SUMMONED, 3),
    ]
    report = build(cast.TEAM, Period(NOVEMBER, NOVEMBER), list(cast.AGENCIES.values()), [tally(file)], kept)
    assert [a.id for a in report.agencies] == ["health", "police"]
    assert report.number("police", Measure.SUMMONED) == 4
    assert report.met("police", NOVEMBER) == (4, 4)
    assert report.met("health") == (0, 3)
    assert report.total(Measure.SUMMONED) == 7

"""The duty report and the yearly report count exactly what they say."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.case.actions import CaseNeed
from bot.domain.case.entities import (
    Answer,
    Ask,
    Attendance,
    Case,
    Measure,
    OnDuty,
    Phase,
    PhoneAnswer,
)
from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening, NotConvened, Urgency
from bot.domain.guidance import Guidance
from bot.domain.joint import JointMeeting
from bot.domain.report.figures import (
    ANSWERS,
    tally,
)
from bot.domain.report.yearly import (
    CONVENED,
    IN_TIME,
    NO_AGENCY,
    NOT_CONVENED,
    NOT_IN_TIME,
    UNDECIDED,
    Counted,
    Figure,
    Split,
    YearMeasure,
    numbers_of,
    span_of,
    year_tally,
)
from tests.bot import cast
from tests.bot.case_files import ask, case_file, duty, meeting, part
from tests.bot.cast import DAY, HOUR, MINUTE, T0, oslo
from tests.every import every

HELD: dict[str, Any] = {"registered_at": T0 + 28 * HOUR}
CAME: dict[str, Any] = {"attendance": Attendance.PRESENT}
NOVEMBER = date(2026, 11, 1)


def counted(*asks: Ask, **facts: Any) -> Counter[Measure]:
    """Return the numbers of the police, who had a duty and were asked these."""
    held = meeting(T0 + 20 * HOUR, **HELD)
    file = case_file(part("police"), held, duty("police", **(CAME | facts)), *asks)
    return Counter({measure: n for (_, _, measure), n in tally(file).items()})


def answers(numbers: Counter[Measure]) -> list[Measure]:
    return [m for m in ANSWERS for _ in range(numbers[m])]


YES, NO = {"answer": Answer.CONFIRMED}, {"answer": Answer.DECLINED}
FIRST = {"escalated_from": "ask:officer:police:meeting"}
FOR_THEM = {"deputy_for": "ask:officer:police:meeting"}


QUICK = Measure.ANSWERED_IN_15_MINUTES


def by(person_id: str, asked: int, answered: int | None = None, **facts: Any) -> Ask:
    """Return an ask to a police contact, asked and answered this many minutes after T0, with its window."""
    at = {"asked_at": T0 + asked * MINUTE}
    told = {"answered_at": T0 + answered * MINUTE} if answered is not None else {}
    return ask(person_id, "police", **{**at, **told, **facts})


@every(
    ("asks", "took", "in_time"),
    [
        # A chain is one duty, answered from its first ask to its first answer.
        ([by("officer", 0), by("sergeant", 30, 50, **YES, **FIRST)], Measure.ANSWERED_IN_1_HOUR, 1),
        # A contact asked because another was silent gets no extra time.
        ([by("officer", 0), by("sergeant", 30, 61, **YES, **FIRST)], Measure.ANSWERED_IN_1_DAY, 0),
        # A deputy answers for the agency within a separate window.
        ([by("officer", 0, 10, **NO), by("sergeant", 10, 65, **YES, **FOR_THEM)], QUICK, 1),
        # A changed answer counts from the first answer.
        ([by("officer", 0, 1200, first_answered_at=T0 + 5 * MINUTE, **YES)], QUICK, 1),
        # Passing a question on does not restart its window.
        ([by("officer", 0, withdrawn_at=T0), by("sergeant", 30, 40, **YES)], Measure.ANSWERED_IN_1_HOUR, 1),
        ([], Measure.NOT_ANSWERED, 0),
        *(([by("officer", 0, minutes, **NO)], QUICK, 0) for minutes in (0, 15)),
        *(([by("officer", 0, minutes, **NO)], Measure.ANSWERED_IN_1_HOUR, 0) for minutes in (16, 60)),
        *(([by("officer", 0, minutes, **NO)], Measure.ANSWERED_IN_1_DAY, 0) for minutes in (61, 24 * 60)),
        ([by("officer", 0, 24 * 60 + 1, **NO)], Measure.ANSWERED_LATER, 0),
    ],
)
def test_an_agency_answers_once_and_it_is_told_how_soon(asks: list[Ask], took: Measure, in_time: int) -> None:
    numbers = counted(*asks)
    found = (numbers[Measure.SUMMONED], answers(numbers), numbers[Measure.CONFIRMED_IN_TIME])
    assert found == (1, [took], in_time)


@every(
    ("later", "in_time"),
    [((), 1), ([by("officer", 0, 1500, **YES)], 1), ([by("officer", 0, 1500, **NO)], 0)],
)
def test_what_the_duty_phone_answered_first_counts_also_if_somebody_asked_answers_later(
    later: list[Ask], in_time: int
) -> None:
    came = part("police"), meeting(**HELD), duty("police", **CAME)
    file = case_file(*came, *(later or [by("officer", 0)]))
    at = T0 + 10 * MINUTE
    said = PhoneAnswer("said", "case", file.duties[0].id, 0, OnDuty.DUTY_OFFICER, at, "coordinator")
    said = replace(said, answer=Answer.CONFIRMED)
    found = tally(replace(file, phone_answers=(said,)))
    numbers = Counter({measure: n for (_, _, measure), n in found.items()})
    assert (answers(numbers), numbers[Measure.CONFIRMED_IN_TIME]) == ([QUICK], in_time)


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


def counted_in_year(*facts: object, needs: tuple[CaseNeed, ...] = ()) -> Counter[YearMeasure]:
    file: CaseFile = replace(case_file(*facts), needs=needs)
    return Counter({measure: n for (year, measure), n in year_tally(file).items() if year == 2026})


@every(
    ("after", "measure"),
    [
        (24 * HOUR, YearMeasure.FIRST_IN_24_HOURS),
        (25 * HOUR, YearMeasure.FIRST_IN_72_HOURS),
        (72 * HOUR, YearMeasure.FIRST_IN_72_HOURS),
        (73 * HOUR, YearMeasure.FIRST_LATER),
    ],
)
def test_how_soon_a_case_met(after: timedelta, measure: YearMeasure) -> None:
    numbers = counted_in_year(meeting(T0 + after, **HELD), meeting(T0 + 9 * DAY, id="second", **HELD))
    assert {m for m in numbers if m.startswith("first_")} == {measure}


@every("facts", [{}, HELD | {"cancelled_at": T0}])
def test_a_meeting_that_is_not_registered_or_called_off_is_none(facts: dict[str, Any]) -> None:
    assert counted_in_year(meeting(**facts)) == {YearMeasure.FIRST_NONE: 1}


def test_a_meeting_has_enough_services_by_the_register_and_the_teams_rule() -> None:
    there = ("police", "health", "social")
    facts = [part(a) for a in there]
    came = [duty(a, **CAME) for a in there]
    assert counted_in_year(*facts, meeting(**HELD), *came)[YearMeasure.MEETING_ENOUGH] == 1
    away = [*came[:2], duty("social", attendance=Attendance.ABSENT_WITH_NOTICE)]
    assert counted_in_year(*facts, meeting(**HELD), *away)[YearMeasure.MEETING_TOO_FEW] == 1


@every(
    ("after", "measure"),
    [
        (24 * HOUR, YearMeasure.NEED_IN_24_HOURS),
        (25 * HOUR, YearMeasure.NEED_IN_1_WEEK),
        (7 * DAY, YearMeasure.NEED_IN_1_WEEK),
        (8 * DAY, YearMeasure.NEED_LATER),
        (None, YearMeasure.NEED_NOBODY),
    ],
)
def test_how_long_a_need_was_nobodys(after: timedelta | None, measure: YearMeasure) -> None:
    need = CaseNeed("need", "case", "housing", T0, "part", T0 + after if after is not None else None)
    assert counted_in_year(needs=(need,)) == {measure: 1, YearMeasure.FIRST_NONE: 1}


def test_month_and_year_are_those_of_the_teams_own_calendar() -> None:
    at_new_year = meeting(oslo("2027-01-01 00:30"), **HELD)
    file = case_file(part("police"), at_new_year, duty("police", **CAME))
    assert {month for _, month, _ in tally(file)} == {date(2027, 1, 1)}
    assert year_tally(file)[2027, YearMeasure.MEETING_TOO_FEW] == 1


def test_when_a_case_was_closed_is_in_none_of_its_numbers() -> None:
    facts = (part("police"), meeting(**HELD), duty("police", **CAME))
    for days in (2, 20, 200):
        closed = case_file(*facts, closed_at=T0 + days * DAY)
        assert year_tally(closed) == year_tally(case_file(*facts)), days


def a_case(opened: str, closed: str | None, persons: int, asked_by: str | None = None) -> Case:
    at = oslo(f"{closed} 12:00") if closed else None
    case = Case(opened, "team", opened, Phase.ACUTE, persons, "coordinator", oslo(f"{opened} 12:00"))
    return replace(case, asked_by=asked_by, closed_at=at)


def joint(on: str, came: int | None, **facts: Any) -> JointMeeting:
    at = oslo(f"{on} 12:00")
    registered: datetime | None = at if came is not None else None
    made = JointMeeting(on, "team", at, at + HOUR, at, "coordinator", "", "", number_came=came)
    return replace(made, registered_at=registered, **facts)


def request(on: str, agency_id: str | None, **facts: Any) -> Convening:
    at = oslo(f"{on} 12:00")
    return Convening("request", "team", at, at, "asker", agency_id, Urgency.DAYS, "", **facts)


def question(on: str, theme: str, **facts: Any) -> Guidance:
    at = oslo(f"{on} 12:00")
    return Guidance("question", "team", at, at, "asker", theme, "", "uid", **facts)


def test_a_year_is_counted_from_all_that_there_is() -> None:
    of = Counted(
        cast.TEAM,
        list(cast.AGENCIES.values()),
        [
            a_case("2025-06-01", "2025-12-31", 4),
            a_case("2025-12-01", "2026-01-01", 2),
            a_case("2024-12-01", None, 1),
            a_case("2026-03-01", "2026-04-01", 3, "police"),
            a_case("2026-05-01", None, 1),
            a_case("2027-01-01", None, 9),
        ],
        Counter(
            {
                **{(2026, YearMeasure.MEETING_ENOUGH): 3, (2026, YearMeasure.MEETING_TOO_FEW): 1},
                **{(2025, YearMeasure.MEETING_ENOUGH): 7, (2026, YearMeasure.NEED_NOBODY): 2},
            }
        ),
        [
            *[request("2026-11-01", "police", convened=True)] * 2,
            request("2026-11-30", "health", convened=False, reason=NotConvened.GUIDANCE),
            request("2026-11-01", None),
            *[request("2025-11-01", "police", convened=True)] * 5,
        ],
        [
            *[question("2026-11-01", "signs", in_time=True)] * 3,
            question("2026-11-01", "minors"),
            *[question("2025-01-01", "signs", in_time=False)] * 4,
        ],
        [
            joint("2026-05-05", 12),
            joint("2026-06-05", 3, cancelled_at=T0),
            joint("2026-07-05", None),
            joint("2025-05-05", 8),
        ],
    )
    numbers = numbers_of(of, 2026)
    assert numbers.figures == {
        **{Figure.CASES: 2, Figure.PERSONS_NEW: 4, Figure.PERSONS_CARRIED: 3, Figure.REQUESTS: 4},
        **{Figure.MEETINGS: 4, Figure.NEEDS: 2, Figure.GUIDANCE: 4},
        **{Figure.JOINT: 1, Figure.JOINT_CAME: 12},
    }
    told = {split: {p: n for p, n in parts.items() if n} for split, parts in numbers.splits.items()}
    assert told[Split.ASKED_BY] == {NO_AGENCY: 1, "police": 1}
    assert told[Split.REQUEST_FROM] == {NO_AGENCY: 1, "police": 2, "health": 1}
    assert told[Split.REQUEST_OUTCOME] == {CONVENED: 2, NOT_CONVENED: 1, UNDECIDED: 1}
    assert told[Split.GUIDANCE_ANSWERED] == {IN_TIME: 3, NOT_IN_TIME: 1}
    assert told[Split.THEME] == {"signs": 3, "minors": 1}
    assert told[Split.NEED_TAKEN] == {"need_nobody": 2}


@every(("year", "first"), [(2025, 2021), (2026, 2024), (2027, 2024), (2028, 2024), (2029, 2027)])
def test_the_span_that_goes_with_a_year(year: int, first: int) -> None:
    assert span_of(year) == range(first, first + 3)

"""The yearly report: what is counted of a team's work in a year. Pure.

What hangs on a case (its meetings, its needs, how soon it met) is kept when the case is deleted, by year and
in classes, since no single time is to be told. All else is counted from what is there: the bare row of each
case, requests, guidance and joint meetings, and the counts of the duty report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.attendance import lack_registered
from bot.domain.case.entities import Case, Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Team
from bot.domain.joint import JointMeeting
from bot.domain.report.figures import ConvenedCount, GuidanceCount, Period, Report

#: How many years are added up where one says nothing; such spans follow each other, and never overlap.
SPAN = 3
_ANCHOR = 2024


class YearMeasure(StrEnum):
    """Counted by year: of the meeting, of the opening of the case, in which the need was noted."""

    MEETING_ENOUGH = "meeting_enough"
    MEETING_TOO_FEW = "meeting_too_few"
    FIRST_IN_24_HOURS = "first_in_24_hours"
    FIRST_IN_72_HOURS = "first_in_72_hours"
    FIRST_LATER = "first_later"
    FIRST_NONE = "first_none"
    NEED_IN_24_HOURS = "need_in_24_hours"
    NEED_IN_1_WEEK = "need_in_1_week"
    NEED_LATER = "need_later"
    NEED_NOBODY = "need_nobody"


@dataclass(frozen=True, slots=True)
class YearCount:
    """A number of one year that outlives the cases it was counted in."""

    id: str
    team_id: str
    year: int
    measure: YearMeasure
    number: int


YearTally = Counter[tuple[int, YearMeasure]]
_FIRST = (
    (timedelta(hours=24), YearMeasure.FIRST_IN_24_HOURS),
    (timedelta(hours=72), YearMeasure.FIRST_IN_72_HOURS),
)
_NEED = (
    (timedelta(hours=24), YearMeasure.NEED_IN_24_HOURS),
    (timedelta(days=7), YearMeasure.NEED_IN_1_WEEK),
)


def year_tally(file: CaseFile) -> YearTally:
    """The numbers of one case. Years are those of the team's zone."""
    counted: YearTally = Counter()

    def year(at: datetime) -> int:
        return file.team.day_of(at).year

    held = [m for m in file.meetings if m.registered_at is not None and m.cancelled_at is None]
    for meeting in held:
        few = lack_registered(file, meeting) is not None
        measure = YearMeasure.MEETING_TOO_FEW if few else YearMeasure.MEETING_ENOUGH
        counted[year(meeting.starts_at), measure] += 1
    opened = file.case.opened_at
    soonest = min((m.starts_at for m in held), default=None)
    first = YearMeasure.FIRST_NONE
    if soonest is not None:
        first = _within(_FIRST, soonest - opened, YearMeasure.FIRST_LATER)
    counted[year(opened), first] += 1
    for need in file.needs:
        measure = YearMeasure.NEED_NOBODY
        if need.taken_at is not None:
            measure = _within(_NEED, need.taken_at - need.noted_at, YearMeasure.NEED_LATER)
        counted[year(need.noted_at), measure] += 1
    return counted


def _within(
    steps: Sequence[tuple[timedelta, YearMeasure]], took: timedelta, longer: YearMeasure
) -> YearMeasure:
    return next((measure for most, measure in steps if took <= most), longer)


class Figure(StrEnum):
    """A thing of which a year has one number."""

    CASES = "cases"
    PERSONS_NEW = "persons_new"
    PERSONS_CARRIED = "persons_carried"
    REQUESTS = "requests"
    MEETINGS = "meetings"
    NEEDS = "needs"
    GUIDANCE = "guidance"
    JOINT = "joint"
    JOINT_CAME = "joint_came"


class Split(StrEnum):
    """How one of the figures is divided: each thing counted is in exactly one part."""

    ASKED_BY = "asked_by"
    FIRST_MEETING = "first_meeting"
    REQUEST_FROM = "request_from"
    REQUEST_OUTCOME = "request_outcome"
    QUORUM = "quorum"
    NEED_TAKEN = "need_taken"
    GUIDANCE_ANSWERED = "guidance_answered"
    THEME = "theme"

    @property
    def of(self) -> Figure:
        return _OF[self]


_OF = {
    Split.ASKED_BY: Figure.CASES,
    Split.FIRST_MEETING: Figure.CASES,
    Split.REQUEST_FROM: Figure.REQUESTS,
    Split.REQUEST_OUTCOME: Figure.REQUESTS,
    Split.QUORUM: Figure.MEETINGS,
    Split.NEED_TAKEN: Figure.NEEDS,
    Split.GUIDANCE_ANSWERED: Figure.GUIDANCE,
    Split.THEME: Figure.GUIDANCE,
}
#: Those whose parts are measures that are kept by year.
MEASURED = {
    Split.FIRST_MEETING: tuple(m for m in YearMeasure if m.startswith("first_")),
    Split.QUORUM: tuple(m for m in YearMeasure if m.startswith("meeting_")),
    Split.NEED_TAKEN: tuple(m for m in YearMeasure if m.startswith("need_")),
}
#: The part of an agency that is none: the coordinator's own initiative, or a service that is not listed.
NO_AGENCY = ""
CONVENED, UNDECIDED, NOT_CONVENED = "convened", "undecided", "not_convened"
IN_TIME, NOT_IN_TIME = "in_time", "not_in_time"


@dataclass(frozen=True, slots=True)
class YearNumbers:
    """The exact numbers of one year. `splits` hold every part that there can be, also those of nothing."""

    figures: Mapping[Figure, int]
    splits: Mapping[Split, Mapping[str, int]]


@dataclass(frozen=True)
class YearReport:
    """A year, the span of years that goes with it, and the numbers of each year that either needs.

    `duty` is the duty report of all these years: how actions ended is counted there, by agency.
    """

    team: Team
    year: int
    agencies: tuple[Agency, ...]
    years: Mapping[int, YearNumbers]
    duty: Report

    @property
    def span(self) -> range:
        return span_of(self.year)

    def duty_of(self, year: int) -> Report:
        period = Period(date(year, 1, 1), date(year, 12, 1))
        listed = {agency for agency, month, _ in self.duty.numbers if month in period}
        agencies = tuple(a for a in self.duty.agencies if a.id in listed)
        return Report(self.team, period, agencies, self.duty.numbers)


def span_of(year: int) -> range:
    """The newest whole span that has ended with this year."""
    first = year - (year - _ANCHOR) % SPAN
    first = first if first + SPAN - 1 <= year else first - SPAN
    return range(first, first + SPAN)


def years_needed(year: int) -> tuple[int, ...]:
    return tuple(sorted({year, *span_of(year)}))


def whole_period(year: int) -> Period:
    """The months of all the years that the report of this one needs."""
    years = years_needed(year)
    return Period(date(years[0], 1, 1), date(years[-1], 12, 1))


@dataclass(frozen=True)
class Counted:
    """All that a year's numbers are made of. `kept` has the cases that are there and those that are gone."""

    team: Team
    agencies: Sequence[Agency]
    cases: Sequence[Case]
    kept: YearTally
    convened: Sequence[ConvenedCount]
    guidance: Sequence[GuidanceCount]
    joint: Sequence[JointMeeting]


def numbers_of(counted: Counted, year: int) -> YearNumbers:
    splits = {
        split: {measure.value: counted.kept[year, measure] for measure in measures}
        for split, measures in MEASURED.items()
    }
    opened = [c for c in counted.cases if counted.team.day_of(c.opened_at).year == year]
    convened = [c for c in counted.convened if c.month.year == year]
    guidance = [g for g in counted.guidance if g.month.year == year]
    agencies = [NO_AGENCY, *(a.id for a in counted.agencies)]
    splits[Split.ASKED_BY] = _by(agencies, ((c.asked_by or NO_AGENCY, 1) for c in opened))
    splits[Split.REQUEST_FROM] = _by(agencies, ((c.agency_id or NO_AGENCY, c.number) for c in convened))
    outcomes = (CONVENED, NOT_CONVENED, UNDECIDED)
    splits[Split.REQUEST_OUTCOME] = _by(outcomes, ((_came_of(c), c.number) for c in convened))
    answered = ((IN_TIME if g.in_time else NOT_IN_TIME, g.number) for g in guidance)
    splits[Split.GUIDANCE_ANSWERED] = _by((IN_TIME, NOT_IN_TIME), answered)
    themes = sorted({g.theme for g in counted.guidance})
    splits[Split.THEME] = _by(themes, ((g.theme, g.number) for g in guidance))
    joint = [j for j in counted.joint if _held(counted.team, j, year)]
    figures = {
        Figure.CASES: len(opened),
        Figure.PERSONS_NEW: sum(c.persons for c in opened),
        Figure.PERSONS_CARRIED: sum(c.persons for c in counted.cases if _open_at(counted.team, c, year)),
        Figure.REQUESTS: sum(c.number for c in convened),
        Figure.MEETINGS: sum(splits[Split.QUORUM].values()),
        Figure.NEEDS: sum(splits[Split.NEED_TAKEN].values()),
        Figure.GUIDANCE: sum(g.number for g in guidance),
        Figure.JOINT: len(joint),
        Figure.JOINT_CAME: sum(j.number_came or 0 for j in joint),
    }
    return YearNumbers(figures, splits)


def _by(parts: Iterable[str], counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    numbers = dict.fromkeys(parts, 0)
    for part, number in counted:
        numbers[part] = numbers.get(part, 0) + number
    return numbers


def _came_of(convened: ConvenedCount) -> str:
    return {None: UNDECIDED, True: CONVENED, False: NOT_CONVENED}[convened.convened]


def _open_at(team: Team, case: Case, year: int) -> bool:
    """Return whether the case was there before the year began, and not closed by then."""
    closed = case.closed_at
    return team.day_of(case.opened_at).year < year and (closed is None or team.day_of(closed).year >= year)


def _held(team: Team, meeting: JointMeeting, year: int) -> bool:
    return (
        meeting.cancelled_at is None
        and meeting.registered_at is not None
        and team.day_of(meeting.starts_at).year == year
    )


def bare_facts(case: Case, team: Team, now: datetime) -> dict[str, object]:
    """All that is kept of a case that is deleted, but its code, its persons and who asked: years.

    The report counts by them, and nothing else asks when it was. Of one that was opened by mistake, which no
    report counts, neither persons nor who asked.
    """
    times = {"opened_at": case.opened_at, "closed_at": case.closed_at or now, "purged_at": now}
    return {
        **{name: year_alone(team, at) for name, at in times.items()},
        "phase": Phase.WORKING,
        **({"persons": 0, "asked_by": None} if case.undone else {}),
    }


def year_alone(team: Team, at: datetime) -> datetime:
    """Return an instant that tells no more than the team's year in which it was."""
    return datetime.combine(date(team.day_of(at).year, 1, 1), time(12), UTC)

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
from functools import cached_property

from bot.domain.attendance import lack_registered
from bot.domain.case.entities import Case, Measure, Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Team
from bot.domain.joint import JointMeeting
from bot.domain.report.figures import (
    ACTIONS,
    LEAST,
    AtLeast,
    ConvenedCount,
    GuidanceCount,
    Hidden,
    Period,
    Report,
    Shown,
    is_certain,
    shareable,
)

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


# --- what of it may be shared: no number below five is shown, and none can be worked out
#
# What holds for a year has to hold for all the reports of a team beside each other, since they are made every
# year and passed on. So:
#
# - A figure is shown from five on. Spans of years never overlap. In a span the years that are hidden count as
#   a step (0–4, 5–8, 9–12 in all), and one that is hidden alone counts as nothing.
# - How a figure is divided is shown for a year from `FEWEST_SPLIT` on, else for the span in which every year
#   is below that and shown; never for both. Where what is hidden would follow from the rest, none of it is.
# - Persons carried over are at most last year's persons, and say no more than «at least five».
# - Joint meetings are no case's and known to all partners: they are shown as they are.

#: The least number that is divided within one year.
FEWEST_SPLIT = 20
_STEPS = ((0, 4), (5, 8), (9, 12))
_OPEN = frozenset({Figure.JOINT, Figure.JOINT_CAME})
#: Parts of which there is mostly none in a year that is over: told together with another, they hide nothing.
_TOGETHER: Mapping[str, tuple[str, str]] = {
    "first_later_or_none": (YearMeasure.FIRST_LATER, YearMeasure.FIRST_NONE),
    "not_convened_or_undecided": (NOT_CONVENED, UNDECIDED),
}


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a number, both included."""

    least: int
    most: int


Cell = Shown | AtLeast | Range
Parts = Mapping[str, Shown]


def figure_cell(figure: Figure, number: int) -> Cell:
    """One figure of one year."""
    if figure in _OPEN:
        return number
    if number < LEAST:
        return Hidden.SMALL
    return AtLeast(LEAST, whole=False) if figure is Figure.PERSONS_CARRIED else number


def span_cell(figure: Figure, numbers: Sequence[int]) -> Cell | None:
    """The same figure over a span of years; None where one counts twice: those carried over."""
    if figure is Figure.PERSONS_CARRIED:
        return None
    hidden = [n for n in numbers if n < LEAST] if figure not in _OPEN else []
    known = sum(numbers) - sum(hidden)
    if not hidden:
        return known
    if len(hidden) == 1:
        return AtLeast(known, whole=False)
    least, most = next(step for step in _STEPS if sum(hidden) <= step[1])
    return Range(known + least, known + most) if known + least else Hidden.SMALL


def split_cells(numbers: Mapping[str, int]) -> Parts:
    """The parts of a figure that is itself known. All are withheld where a hidden one would follow."""
    cells: dict[str, Shown] = {part: n if n >= LEAST else Hidden.SMALL for part, n in numbers.items()}
    hidden = [numbers[part] for part, cell in cells.items() if cell is Hidden.SMALL]
    return dict.fromkeys(cells, Hidden.WITHHELD) if is_certain({sum(hidden)}, len(hidden)) else cells


def together(numbers: Mapping[str, int]) -> dict[str, int]:
    """The parts as they are told: some of them as one."""
    told = dict(numbers)
    for name, (first, second) in _TOGETHER.items():
        if first in told and second in told:
            told[name] = told.pop(first) + told.pop(second)
    return told


def divided_in_year(total: int) -> bool:
    return total >= FEWEST_SPLIT


def divided_in_span(totals: Iterable[int]) -> bool:
    return all(LEAST <= total < FEWEST_SPLIT for total in totals)


@dataclass(frozen=True)
class ShareableYear:
    """A yearly report of which nothing below five can be read or worked out."""

    report: YearReport

    def figure(self, figure: Figure) -> Cell:
        return figure_cell(figure, self.report.years[self.report.year].figures[figure])

    def figure_in_span(self, figure: Figure) -> Cell | None:
        return span_cell(figure, [self.report.years[y].figures[figure] for y in self.report.span])

    def split(self, split: Split) -> Parts:
        """The parts in the year; none where it is not divided."""
        numbers = self.report.years[self.report.year]
        divided = divided_in_year(numbers.figures[split.of])
        return split_cells(together(numbers.splits[split])) if divided else {}

    def split_in_span(self, split: Split) -> Parts:
        years = [self.report.years[y] for y in self.report.span]
        if not divided_in_span(y.figures[split.of] for y in years):
            return {}
        parts = dict.fromkeys(part for y in years for part in y.splits[split])
        summed = {p: sum(y.splits[split].get(p, 0) for y in years) for p in parts}
        return split_cells(together(summed))

    def actions(self, outcome: Measure) -> AtLeast:
        """How many actions ended so, as the duty report of the same year tells it: of what it shows."""
        return self._actions[self.report.year][outcome]

    def actions_in_span(self, outcome: Measure) -> AtLeast:
        """The sum of what the reports of its years show."""
        each = [self._actions[y][outcome] for y in self.report.span]
        return AtLeast(sum(a.number for a in each), all(a.whole for a in each))

    @cached_property
    def _actions(self) -> Mapping[int, Mapping[Measure, AtLeast]]:
        shown = {year: shareable(self.report.duty_of(year)) for year in self.report.years}
        return {year: {m: each.total(m) for m in ACTIONS} for year, each in shown.items()}

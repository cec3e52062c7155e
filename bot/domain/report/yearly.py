"""The yearly report: what is counted of a team's work in a year. Pure.

Numbers from within a case (its meetings, its needs, how soon it met) are kept when the case is deleted, by
year and in classes, so that no single time is told. The rest is counted from what remains: the bare row of
each case, requests, guidance and joint meetings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from bot.domain.attendance import too_few
from bot.domain.case.entities import Case, Phase
from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Team
from bot.domain.guidance import Guidance
from bot.domain.joint import JointMeeting
from bot.domain.report.figures import (
    LEAST,
    AtLeast,
    Cell,
    Hidden,
    Period,
    Range,
    is_certain,
    small_hidden,
)

Of = TypeVar("Of")
#: How many years are added up if one year alone tells too little. Spans are consecutive and never overlap.
SPAN = 3
_ANCHOR = 2024


class YearMeasure(StrEnum):
    """The subjects counted by year: that of the meeting, of opening the case, or of noting the need."""

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
    """A total of one year that outlives the cases it was counted in."""

    id: str
    team_id: str
    year: int
    measure: YearMeasure
    number: int


YearTally = Counter[tuple[int, YearMeasure]]
#: The classes of waiting times, by their upper bounds.
_FIRST = (
    (timedelta(hours=24), YearMeasure.FIRST_IN_24_HOURS),
    (timedelta(hours=72), YearMeasure.FIRST_IN_72_HOURS),
    (timedelta.max, YearMeasure.FIRST_LATER),
)
_NEED = (
    (timedelta(hours=24), YearMeasure.NEED_IN_24_HOURS),
    (timedelta(days=7), YearMeasure.NEED_IN_1_WEEK),
    (timedelta.max, YearMeasure.NEED_LATER),
)


def year_tally(file: CaseFile) -> YearTally:
    """Count the numbers of one case. Years are in the team's zone."""
    counted: YearTally = Counter()

    def year(at: datetime) -> int:
        return file.team.day_of(at).year

    held = [m for m in file.meetings if m.registered_at is not None and m.cancelled_at is None]
    for meeting in held:
        few = too_few(file, meeting)
        measure = YearMeasure.MEETING_TOO_FEW if few else YearMeasure.MEETING_ENOUGH
        counted[year(meeting.starts_at), measure] += 1
    opened = file.case.opened_at
    soonest = min((m.starts_at for m in held), default=None)
    counted[year(opened), _within(_FIRST, opened, soonest) or YearMeasure.FIRST_NONE] += 1
    for need in file.needs:
        agreed = [a.agreed_at for a in file.actions if a.need == need.need]
        taken_at = min([*agreed, need.taken_at] if need.taken_at else agreed, default=None)
        taken = _within(_NEED, need.noted_at, taken_at)
        counted[year(need.noted_at), taken or YearMeasure.NEED_NOBODY] += 1
    return counted


def _within(
    steps: Sequence[tuple[timedelta, YearMeasure]], since: datetime, until: datetime | None
) -> YearMeasure | None:
    if until is None:
        return None
    return next(measure for most, measure in steps if until - since <= most)


class Figure(StrEnum):
    """The figures of a year, each one number, in the order in which they are shown."""

    REQUESTS = "requests"
    CASES = "cases"
    PERSONS_NEW = "persons_new"
    PERSONS_CARRIED = "persons_carried"
    MEETINGS = "meetings"
    NEEDS = "needs"
    GUIDANCE = "guidance"
    JOINT = "joint"
    JOINT_CAME = "joint_came"


class Split(StrEnum):
    """How a figure is divided: everything counted is in exactly one part."""

    REQUEST_FROM = "request_from"
    REQUEST_OUTCOME = "request_outcome"
    ASKED_BY = "asked_by"
    FIRST_MEETING = "first_meeting"
    QUORUM = "quorum"
    NEED_TAKEN = "need_taken"
    GUIDANCE_ANSWERED = "guidance_answered"
    THEME = "theme"


SPLITS = {
    Figure.REQUESTS: (Split.REQUEST_FROM, Split.REQUEST_OUTCOME),
    Figure.CASES: (Split.ASKED_BY, Split.FIRST_MEETING),
    Figure.MEETINGS: (Split.QUORUM,),
    Figure.NEEDS: (Split.NEED_TAKEN,),
    Figure.GUIDANCE: (Split.GUIDANCE_ANSWERED, Split.THEME),
}
_OF = {split: figure for figure, splits in SPLITS.items() for split in splits}
#: The splits whose parts are measures kept by year, and the prefix of those measures.
_MEASURED = {Split.FIRST_MEETING: "first_", Split.QUORUM: "meeting_", Split.NEED_TAKEN: "need_"}
#: The part for no agency: the coordinator's own initiative, or a service that is not listed.
NO_AGENCY = ""
CONVENED, UNDECIDED, NOT_CONVENED = "convened", "undecided", "not_convened"
_CAME_OF = {True: CONVENED, False: NOT_CONVENED, None: UNDECIDED}
IN_TIME, NOT_IN_TIME = "in_time", "not_in_time"


@dataclass(frozen=True, slots=True)
class YearNumbers:
    """The exact numbers of one year. `splits` hold every possible part, including those that are zero."""

    figures: Mapping[Figure, int]
    splits: Mapping[Split, Mapping[str, int]]


def span_of(year: int) -> range:
    """Return the newest span that ends with this year or earlier."""
    first = year - (year - _ANCHOR) % SPAN
    first = first if first + SPAN - 1 <= year else first - SPAN
    return range(first, first + SPAN)


def years_needed(year: int) -> tuple[int, ...]:
    return tuple(sorted({year, *span_of(year)}))


def months_of(*years: int) -> Period:
    return Period(date(years[0], 1, 1), date(years[-1], 12, 1))


@dataclass(frozen=True)
class Counted:
    """The sources of a year's numbers. `kept` covers both present and deleted cases."""

    team: Team
    agencies: Sequence[Agency]
    cases: Sequence[Case]
    kept: YearTally
    convened: Sequence[Convening]
    guidance: Sequence[Guidance]
    joint: Sequence[JointMeeting]


def numbers_of(counted: Counted, year: int) -> YearNumbers:
    team = counted.team
    opened = [c for c in counted.cases if team.day_of(c.opened_at).year == year]
    carried = [c for c in counted.cases if _open_at(team, c, year)]
    convened = [c for c in counted.convened if _year_asked(c, team) == year]
    guidance = [g for g in counted.guidance if _year_asked(g, team) == year]
    joint = [j for j in counted.joint if _held(team, j, year)]
    agencies = [NO_AGENCY, *(a.id for a in counted.agencies)]
    splits = {
        Split.REQUEST_FROM: _by(agencies, (c.agency_id or NO_AGENCY for c in convened)),
        Split.REQUEST_OUTCOME: _by(_CAME_OF.values(), (_CAME_OF[c.convened] for c in convened)),
        Split.ASKED_BY: _by(agencies, (c.asked_by or NO_AGENCY for c in opened)),
        Split.GUIDANCE_ANSWERED: _by(
            (IN_TIME, NOT_IN_TIME), (IN_TIME if g.in_time else NOT_IN_TIME for g in guidance)
        ),
        Split.THEME: _by(sorted({g.theme for g in counted.guidance}), (g.theme for g in guidance)),
    }
    for split, begins in _MEASURED.items():
        measures = (m for m in YearMeasure if m.startswith(begins))
        splits[split] = {measure.value: counted.kept[year, measure] for measure in measures}
    figures = {
        **{figure: sum(splits[parts[0]].values()) for figure, parts in SPLITS.items()},
        Figure.PERSONS_NEW: sum(c.persons for c in opened),
        Figure.PERSONS_CARRIED: sum(c.persons for c in carried),
        Figure.JOINT: len(joint),
        Figure.JOINT_CAME: sum(j.number_came or 0 for j in joint),
    }
    return YearNumbers(figures, splits)


def _year_asked(of: Convening | Guidance, team: Team) -> int:
    """Return the year in which a request counts. A purged one keeps only its month, in UTC."""
    return of.asked_at.astimezone(team.time_zone if of.purged_at is None else UTC).year


def _by(parts: Iterable[str], counted: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(parts, 0) | Counter(counted)


def _open_at(team: Team, case: Case, year: int) -> bool:
    closed = case.closed_at
    return team.day_of(case.opened_at).year < year and (closed is None or team.day_of(closed).year >= year)


def _held(team: Team, meeting: JointMeeting, year: int) -> bool:
    return (
        meeting.cancelled_at is None
        and meeting.registered_at is not None
        and team.day_of(meeting.starts_at).year == year
    )


def bare_facts(case: Case, team: Team, now: datetime) -> dict[str, object]:
    """Return the changes that reduce a deleted case to its bare row, in which each time is only a year.

    The report counts by year, and nothing else needs the times. The number of persons and who asked are kept,
    except for a case that was opened by mistake, which no report counts.
    """
    times = {"opened_at": case.opened_at, "closed_at": case.closed_at or now, "purged_at": now}
    return {
        **{name: start_of_year(team, at) for name, at in times.items()},
        "phase": Phase.WORKING,
        **({"persons": 0, "asked_by": None} if case.undone else {}),
    }


def start_of_year(team: Team, at: datetime) -> datetime:
    """Return an instant that tells only the year of `at` in the team's zone."""
    return datetime.combine(date(team.day_of(at).year, 1, 1), time(12), UTC)


# --- what of it may be shared: no number below five is shown, and none can be worked out
#
# This has to hold for all reports of a team together, since they are made every year and passed on. So:
#
# - A figure is shown if it is at least five. Spans of years never overlap. In a span hidden years count as a
#   step (0–4, 5–8, 9–12 in all); a single hidden year counts as nothing.
# - The parts of a figure are shown for a year with at least `FEWEST_SPLIT`, or for a span in which every year
#   is below that and shown; never for both. If a hidden part would follow from the rest, no part is shown.
# - Persons carried over are at most last year's persons, and are shown only as «at least five».
# - Joint meetings belong to no case and are known to all partners: they are shown exactly.

#: The least figure whose parts are shown for one year.
FEWEST_SPLIT = 20
_STEPS = ((0, 4), (5, 8), (9, 12))
JOINT = frozenset({Figure.JOINT, Figure.JOINT_CAME})
#: Parts that are mostly zero in a past year: added to another part, they do not cause numbers to be hidden.
_TOGETHER: Mapping[str, tuple[str, str]] = {
    "first_later_or_none": (YearMeasure.FIRST_LATER, YearMeasure.FIRST_NONE),
    "not_convened_or_undecided": (NOT_CONVENED, UNDECIDED),
}


Parts = Mapping[str, Cell]


class Both(NamedTuple, Generic[Of]):
    """The cells of the year, and those of the span of years."""

    year: Of
    span: Of


def figure_cell(figure: Figure, number: int) -> Cell:
    """Return one figure of one year, as it may be shared."""
    if figure in JOINT:
        return number
    if number < LEAST:
        return Hidden.SMALL
    return AtLeast(LEAST) if figure is Figure.PERSONS_CARRIED else number


def span_cell(figure: Figure, numbers: Sequence[int]) -> Cell:
    """Return one figure of a span of years, as it may be shared."""
    hidden = [n for n in numbers if n < LEAST] if figure not in JOINT else []
    known = sum(numbers) - sum(hidden)
    if not hidden:
        return known
    if len(hidden) == 1:
        return AtLeast(known)
    least, most = next(step for step in _STEPS if sum(hidden) <= step[1])
    return Range(known + least, known + most) if known + least else Hidden.SMALL


def split_cells(numbers: Mapping[str, int]) -> Parts:
    """Return the parts of a figure whose total is shown. All are withheld if a hidden one would follow."""
    cells = small_hidden(numbers)
    hidden = [numbers[part] for part, cell in cells.items() if cell is Hidden.SMALL]
    return dict.fromkeys(cells, Hidden.WITHHELD) if is_certain({sum(hidden)}, len(hidden)) else cells


def _together(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the parts as they are shown: some are added together."""
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
class YearReport:
    """A year, its span of years, and the numbers of each year that either needs, also as they are shown.

    From a `shared` report no number below five can be worked out. `directory` are all agencies.
    """

    team: Team
    year: int
    years: Mapping[int, YearNumbers]
    directory: Sequence[Agency]
    shared: bool = False

    @property
    def span(self) -> range:
        return span_of(self.year)

    @property
    def _year(self) -> YearNumbers:
        return self.years[self.year]

    @property
    def _span(self) -> list[YearNumbers]:
        return [self.years[year] for year in self.span]

    def figure(self, figure: Figure) -> Both[Cell]:
        """Return a figure. Persons carried over have no sum over a span: some would count twice."""
        number, numbers = self._year.figures[figure], [y.figures[figure] for y in self._span]
        year = figure_cell(figure, number) if self.shared else number
        if figure is Figure.PERSONS_CARRIED:
            return Both(year, Hidden.WITHHELD)
        return Both(year, span_cell(figure, numbers) if self.shared else sum(numbers))

    def split(self, split: Split) -> Both[Parts]:
        """Return the parts of a figure; none if they are not shown."""
        year, summed = dict(self._year.splits[split]), Counter[str]()
        for each in self._span:
            summed.update(each.splits[split])
        if not self.shared:
            return Both(year, {part: summed[part] for part in year})
        of = _OF[split]
        in_year = divided_in_year(self._year.figures[of])
        in_span = divided_in_span(y.figures[of] for y in self._span)
        return Both(
            split_cells(_together(year)) if in_year else {},
            split_cells(_together(summed)) if in_span else {},
        )

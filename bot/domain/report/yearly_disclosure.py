"""The shareable part of a yearly report: no number below five is shown, and none can be worked out.

Pure. What holds for a year has to hold for all the reports of a team beside each other, since they are made
every year and passed on. So:

- A figure is shown from five on. Spans of years never overlap. In a span the years that are hidden count as
  a step (0–4, 5–8, 9–12 in all), and one that is hidden alone counts as nothing.
- How a figure is divided is shown for a year from `FEWEST_SPLIT` on, else for the span in which every year is
  below that and shown; never for both. Where what is hidden would follow from the rest, nothing of it is.
- Persons carried over are at most last year's persons, and say no more than «at least five».
- Joint meetings are no case's and known to all partners: they are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.domain.case.duty import Measure
from bot.domain.report.disclosure import LEAST, AtLeast, Hidden, Shown, is_certain, shareable
from bot.domain.report.figures import ACTIONS
from bot.domain.report.yearly import (
    NOT_CONVENED,
    UNDECIDED,
    Figure,
    Split,
    YearMeasure,
    YearReport,
)

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

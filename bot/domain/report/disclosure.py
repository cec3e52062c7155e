"""The shareable part of a report: numbers below five are hidden, and cannot be worked out either.

Pure. The rule: a class below five is hidden; every sum is made of the classes that are shown, and says so;
and where the two ways in which an agency's duties add up would give a hidden number away, all of its line
is withheld. Whether they would is told from what is shown alone, so that the withholding tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from bot.domain.case.duty import Measure
from bot.domain.directory.entities import Agency
from bot.domain.report.figures import ABSENT, ACTIONS, ANSWERED, ANSWERS, ATTENDANCE, CAME, Report

LEAST = 5
_MOST_HIDDEN = LEAST - 1


class Hidden(StrEnum):
    SMALL = "small"
    WITHHELD = "withheld"


Shown = int | Hidden
#: The classes and the numbers that belong to no sum: everything but the sum itself.
_CELLS = (Measure.CONFIRMED_IN_TIME, *ATTENDANCE, Measure.WRITTEN_REPORT, *ANSWERS, *ACTIONS)
_BLOCKS = (CAME, ABSENT, ANSWERED, (Measure.NOT_ANSWERED,))


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A sum of what is shown. Not `whole` when something that is hidden is left out."""

    number: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One agency's numbers as they may be shared, and how many duties those add up to."""

    cells: Mapping[Measure, Shown]
    summoned: AtLeast


@dataclass(frozen=True)
class Shareable:
    """A report of which nothing below five can be read or worked out."""

    report: Report
    lines: Mapping[str, Line]

    def total(self, measure: Measure) -> AtLeast:
        if measure is Measure.SUMMONED:
            summed = [line.summoned for line in self.lines.values()]
            return AtLeast(sum(s.number for s in summed), all(s.whole for s in summed))
        return _sum(line.cells[measure] for line in self.lines.values())

    def met(self, agency: Agency) -> tuple[float, float] | None:
        """The least and the greatest share of duties that can have been met, as what is shown has it.

        None where nothing is shown.
        """
        cells = self.lines[agency.id].cells
        came, absent = (_sum(cells[m] for m in block).number for block in (CAME, ABSENT))
        if Hidden.WITHHELD in cells.values() or not came + absent:
            return None
        more, fewer = (
            _MOST_HIDDEN * sum(cells[m] is Hidden.SMALL for m in block) for block in (CAME, ABSENT)
        )
        return came / (came + absent + fewer), (came + more) / (came + more + absent)


def shareable(report: Report) -> Shareable:
    numbers = {a.id: {m: report.number(a.id, m) for m in _CELLS} for a in report.agencies}
    return Shareable(report, {agency_id: line(each) for agency_id, each in numbers.items()})


def line(numbers: Mapping[Measure, int]) -> Line:
    """One agency's line, from all of its numbers but the sum."""
    cells: dict[Measure, Shown] = {m: n if n >= LEAST else Hidden.SMALL for m, n in numbers.items()}
    if _gives_away(cells):
        cells = dict.fromkeys(cells, Hidden.WITHHELD)
    sums = [_sum(cells[m] for m in group) for group in (ATTENDANCE, ANSWERS)]
    return Line(cells, AtLeast(max(s.number for s in sums), any(s.whole for s in sums)))


def _sum(cells: Iterable[Shown]) -> AtLeast:
    listed = list(cells)
    shown = [cell for cell in listed if isinstance(cell, int)]
    return AtLeast(sum(shown), len(shown) == len(listed))


def _gives_away(cells: Mapping[Measure, Shown]) -> bool:
    """Return whether a hidden number follows from those shown.

    Tried are all sums that the hidden numbers of each block can have so that attendance and answers come to
    the same, nobody confirmed who has not answered, and nobody reported in writing who was there.
    """
    known = [_sum(cells[m] for m in block).number for block in _BLOCKS]
    hidden = [sum(cells[m] is Hidden.SMALL for m in block) for block in _BLOCKS]
    possible: list[set[int]] = [set() for _ in _BLOCKS]
    for sums in product(*(range(_MOST_HIDDEN * n + 1) for n in hidden)):
        came, absent, answered, silent = (k + s for k, s in zip(known, sums, strict=True))
        confirmed, written = (_least(cells[m]) for m in (Measure.CONFIRMED_IN_TIME, Measure.WRITTEN_REPORT))
        if came + absent == answered + silent and confirmed <= answered and written <= absent:
            for found, each in zip(possible, sums, strict=True):
                found.add(each)
    return any(is_certain(found, n) for found, n in zip(possible, hidden, strict=True))


def _least(cell: Shown) -> int:
    return cell if isinstance(cell, int) else 0


def is_certain(sums: set[int], hidden: int) -> bool:
    """Return whether the numbers in a block are certain, from the sums that they may have."""
    if not hidden or len(sums) > 1:
        return False
    return hidden == 1 or sums <= {0, _MOST_HIDDEN * hidden}

"""The numbers of a report as texts and as a spreadsheet: all of them, or as they may be shared."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, floor

from bot.domain.case.entities import Measure
from bot.domain.directory.entities import Agency
from bot.domain.guidance import Theme
from bot.domain.report.figures import (
    ACTIONS,
    ANSWERS,
    ATTENDANCE,
    LEAST,
    AtLeast,
    Hidden,
    Report,
    Shareable,
    Shown,
)
from bot.texts.words import Words

_LINES = (
    (Measure.SUMMONED, Measure.CONFIRMED_IN_TIME),
    (*ATTENDANCE, Measure.WRITTEN_REPORT),
    ANSWERS,
    ACTIONS,
)
#: In the order in which they are shown.
ORDER = tuple(chain.from_iterable(_LINES))
WITHHELD = "–"


@dataclass(frozen=True)
class Figures:
    """The text for each number. With `shared` only what may be shared."""

    report: Report
    shared: Shareable | None = None

    def of(self, agency: Agency, measure: Measure) -> str:
        if self.shared is None:
            return str(self.report.number(agency.id, measure))
        line = self.shared.lines[agency.id]
        return _sum(line.summoned) if measure is Measure.SUMMONED else _cell(line.cells[measure])

    def total(self, measure: Measure) -> str:
        return str(self.report.total(measure)) if self.shared is None else _sum(self.shared.total(measure))


def _cell(cell: Shown) -> str:
    if isinstance(cell, int):
        return str(cell)
    return f"<{LEAST}" if cell is Hidden.SMALL else WITHHELD


def _sum(made: AtLeast) -> str:
    if made.whole:
        return str(made.number)
    return f"≥ {made.number}" if made.number else WITHHELD


def name_of(words: Words, agency: Agency) -> str:
    """The only name under which a service is shown; one that shelters never under its own."""
    if agency.reached_by_coordinator:
        return agency.cover_name or words("report.sheltered")
    return agency.shown_name


def title(words: Words, report: Report) -> str:
    period = words.months(report.period.first, report.period.last)
    return words("report.title", team=report.team.name, period=period)


def paragraphs(words: Words, figures: Figures) -> Iterator[tuple[str, list[str]]]:
    for agency in figures.report.agencies:
        yield (
            name_of(words, agency),
            [_line(words, {m: figures.of(agency, m) for m in group}) for group in _LINES],
        )
    if len(figures.report.agencies) > 1:
        lines = [_line(words, {m: figures.total(m) for m in group}) for group in _LINES]
        yield words("report.all-agencies"), lines


def _line(words: Words, numbers: dict[Measure, str]) -> str:
    return " · ".join(f"{words(f'measure.{measure}')} {number}" for measure, number in numbers.items())


def share(words: Words, least: float, most: float | None = None) -> str:
    """«83 %», or «71–90 %» where only the bounds are known. Of nothing less than all is all said."""
    if most is None or most == least:
        return words.percent(min(round(least * 100), 99) if least < 1 else 100)
    return f"{floor(least * 100)}–{words.percent(ceil(most * 100))}"


def outside(words: Words, report: Report) -> Iterator[tuple[str, list[str]]]:
    """A heading and its lines; nothing where nobody has asked."""
    if report.convened:
        yield words("report.convened"), list(_convened(words, report))
    if report.guidance:
        yield words("report.guidance"), list(_guidance(words, report))


def _convened(words: Words, report: Report) -> Iterator[str]:
    agencies = {a.id: a for a in report.askers}
    asked: dict[str | None, Counter[str]] = {}
    for count in report.convened:
        decided = {None: "waits", True: "yes", False: "no"}[count.convened]
        asked.setdefault(count.agency_id, Counter())[decided] += count.number
    for agency_id, numbers in sorted(asked.items(), key=lambda item: str(item[0])):
        agency = agencies.get(agency_id) if agency_id is not None else None
        who = name_of(words, agency) if agency is not None else words("report.no-agency")
        yield words(
            "report.convened-line",
            who=who,
            asked=numbers.total(),
            yes=numbers["yes"],
            no=numbers["no"],
            waits=numbers["waits"],
        )
    refused = Counter({c.reason: 0 for c in report.convened if c.reason is not None})
    for count in report.convened:
        if count.reason is not None:
            refused[count.reason] += count.number
    for reason, number in sorted(refused.items()):
        yield words("report.convened-no", reason=words(f"not-convened.{reason}"), n=number)


def _guidance(words: Words, report: Report) -> Iterator[str]:
    themes: Counter[str] = Counter()
    in_time: Counter[str] = Counter()
    for count in report.guidance:
        themes[count.theme] += count.number
        in_time[count.theme] += count.number if count.in_time else 0
    for theme, number in sorted(themes.items()):
        name = theme_name(words, theme)
        yield words("report.guidance-line", theme=name, n=number, in_time=in_time[theme])


def theme_name(words: Words, theme: str) -> str:
    """A team's own theme has no other name than its own."""
    return words(f"theme.{theme}") if theme in list(Theme) else theme


#: How a cell of a spreadsheet may not begin: it would be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cells(values: Sequence[object]) -> list[str]:
    """Prefix what a spreadsheet would take for a formula."""
    cells = ["" if value is None else str(value) for value in values]
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def sheet(words: Words, figures: Figures) -> bytes:
    """One row for each agency and one for all, as CSV."""
    names = (words(f"measure.{measure}") for measure in ORDER)
    agencies = figures.report.agencies
    return as_csv(
        [
            [words("report.agency"), *(n[:1].upper() + n[1:] for n in names)],
            *([name_of(words, agency), *(figures.of(agency, m) for m in ORDER)] for agency in agencies),
            [words("report.all-agencies"), *map(figures.total, ORDER)],
        ]
    )


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Semicolons and a byte-order mark: what a spreadsheet set up for Norway opens without asking."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(map(safe_cells, rows))
    return out.getvalue().encode("utf-8-sig")

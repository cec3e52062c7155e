"""The numbers of a report as text and as a spreadsheet: all of them, or only those that may be shared."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from bot.domain.case.entities import Measure
from bot.domain.guidance import Theme
from bot.domain.report.figures import (
    ACTIONS,
    ANSWERS,
    ATTENDANCE,
    LEAST,
    AtLeast,
    Cell,
    Hidden,
    Line,
    Range,
    Report,
)
from bot.texts.words import Words

_LINES = (
    (Measure.SUMMONED, Measure.CONFIRMED_IN_TIME),
    (*ATTENDANCE, Measure.WRITTEN_REPORT),
    ANSWERS,
    ACTIONS,
)
#: All measures, in the order shown.
ORDER = tuple(chain.from_iterable(_LINES))
WITHHELD = "–"


def cell_text(cell: Cell) -> str:
    match cell:
        case Hidden.WITHHELD | AtLeast(number=0):
            return WITHHELD
        case Hidden.SMALL:
            return f"<{LEAST}"
        case AtLeast(number=number):
            return f"≥ {number}"
        case Range(least=least, most=most):
            return f"{least}–{most}"
    return str(cell)


def title(words: Words, report: Report) -> str:
    period = words.months(report.period.first, report.period.last)
    return words("report.title", team=report.team.name, period=period)


def paragraphs(words: Words, report: Report) -> Iterator[tuple[str, list[str]]]:
    """Yield a heading with lines for each agency, and for all together."""
    for agency in report.agencies:
        yield agency.shown_name, _lines(words, report.lines[agency.id])
    if len(report.agencies) > 1:
        yield words("report.all-agencies"), _lines(words, {m: report.total(m) for m in ORDER})


def _lines(words: Words, cells: Line) -> list[str]:
    return [" · ".join(f"{name_of(words, m)} {cell_text(cells[m])}" for m in line) for line in _LINES]


def name_of(words: Words, measure: Measure) -> str:
    """Return the words for a measure; those of attendance are the register's."""
    return words(f"{'attendance' if measure in ATTENDANCE else 'measure'}.{measure}")


def theme_name(words: Words, theme: str) -> str:
    """Return the words for a theme; a team's own theme is its own name."""
    return words(f"theme.{theme}") if theme in list(Theme) else theme


#: A spreadsheet would run a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cells(values: Iterable[object]) -> list[str]:
    """Prefix each value that a spreadsheet would take for a formula."""
    cells = ["" if value is None else str(value) for value in values]
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def sheet(words: Words, report: Report) -> bytes:
    """Return CSV with semicolons and a byte-order mark, which a Norwegian spreadsheet opens directly."""
    names = (name_of(words, measure) for measure in ORDER)
    rows = [[words("field.agency"), *(n[:1].upper() + n[1:] for n in names)]]
    for agency in report.agencies:
        cells = report.lines[agency.id]
        rows.append([agency.shown_name, *(cell_text(cells[m]) for m in ORDER)])
    rows.append([words("report.all-agencies"), *(cell_text(report.total(m)) for m in ORDER)])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(map(safe_cells, rows))
    return out.getvalue().encode("utf-8-sig")

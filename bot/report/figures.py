"""The numbers of a report as text and as a spreadsheet: all of them, or only those that may be shared."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bot.domain.case.entities import Measure
from bot.domain.directory.entities import Agency
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


def name_of(words: Words, agency: Agency) -> str:
    """Return the only name under which an agency is shown; a sheltering one is not shown under its own."""
    if agency.reached_by_coordinator:
        return agency.cover_name or words("report.sheltered")
    return agency.shown_name


def title(words: Words, report: Report) -> str:
    period = words.months(report.period.first, report.period.last)
    return words("report.title", team=report.team.name, period=period)


def paragraphs(words: Words, report: Report) -> Iterator[tuple[str, list[str]]]:
    """Yield a heading with lines for each agency, and for all together."""
    for agency in report.agencies:
        yield name_of(words, agency), _lines(words, report.lines[agency.id])
    if len(report.agencies) > 1:
        yield words("report.all-agencies"), _lines(words, {m: report.total(m) for m in ORDER})


def _lines(words: Words, cells: Line) -> list[str]:
    return [" · ".join(f"{words(f'measure.{m}')} {cell_text(cells[m])}" for m in line) for line in _LINES]


def outside(words: Words, report: Report) -> Iterator[tuple[str, list[str]]]:
    """Yield headings with lines about convenings and guidance, without those that nobody has asked for."""
    if report.convened:
        yield words("yearly.requests"), list(_convened(words, report))
    if report.guidance:
        themes = Counter(each.theme for each in report.guidance)
        in_time = Counter(each.theme for each in report.guidance if each.in_time)
        yield (
            words("report.guidance"),
            [
                words("report.guidance-line", theme=theme_name(words, theme), n=n, in_time=in_time[theme])
                for theme, n in sorted(themes.items())
            ],
        )


def _convened(words: Words, report: Report) -> Iterator[str]:
    agencies = {a.id: a for a in report.directory}
    came_of = Counter((each.agency_id, each.convened) for each in report.convened)
    for agency_id in sorted({agency_id for agency_id, _ in came_of}, key=str):
        yes, no, waits = (came_of[agency_id, convened] for convened in (True, False, None))
        agency = agencies.get(agency_id or "")
        who = name_of(words, agency) if agency is not None else words("report.no-agency")
        yield words("report.convened-line", who=who, asked=yes + no + waits, yes=yes, no=no, waits=waits)
    refused = Counter(each.reason for each in report.convened if each.reason is not None)
    for reason, number in sorted(refused.items()):
        yield words("report.convened-no", reason=words(f"not-convened.{reason}"), n=number)


def theme_name(words: Words, theme: str) -> str:
    """Return the words for a theme; a team's own theme is its own name."""
    return words(f"theme.{theme}") if theme in list(Theme) else theme


#: A spreadsheet would run a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cells(values: Sequence[object]) -> list[str]:
    """Prefix each value that a spreadsheet would take for a formula."""
    cells = ["" if value is None else str(value) for value in values]
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def sheet(words: Words, report: Report) -> bytes:
    names = (words(f"measure.{measure}") for measure in ORDER)
    rows = [[words("report.agency"), *(n[:1].upper() + n[1:] for n in names)]]
    for agency in report.agencies:
        cells = report.lines[agency.id]
        rows.append([name_of(words, agency), *(cell_text(cells[m]) for m in ORDER)])
    rows.append([words("report.all-agencies"), *(cell_text(report.total(m)) for m in ORDER)])
    return as_csv(rows)


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return CSV with semicolons and a byte-order mark, which a Norwegian spreadsheet opens directly."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(map(safe_cells, rows))
    return out.getvalue().encode("utf-8-sig")

"""The yearly report as rows: a table, a text to paste, a spreadsheet; of all numbers or those to share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.case.entities import Measure
from bot.domain.report.figures import ACTIONS, LEAST, AtLeast, Hidden
from bot.domain.report.yearly import NO_AGENCY, Cell, Figure, Range, ShareableYear, Split, YearReport
from bot.report.figures import WITHHELD, as_csv, name_of, theme_name
from bot.texts.words import Words

#: The figures in the order in which they are shown, each with what it is divided into.
_ORDER: tuple[tuple[Figure, tuple[Split, ...]], ...] = (
    (Figure.REQUESTS, (Split.REQUEST_FROM, Split.REQUEST_OUTCOME)),
    (Figure.CASES, (Split.ASKED_BY, Split.FIRST_MEETING)),
    (Figure.PERSONS_NEW, ()),
    (Figure.PERSONS_CARRIED, ()),
    (Figure.MEETINGS, (Split.QUORUM,)),
    (Figure.NEEDS, (Split.NEED_TAKEN,)),
)
_AFTER_ACTIONS: tuple[tuple[Figure, tuple[Split, ...]], ...] = (
    (Figure.GUIDANCE, (Split.GUIDANCE_ANSWERED, Split.THEME)),
    (Figure.JOINT, ()),
    (Figure.JOINT_CAME, ()),
)
#: Of as many parts as there are services or themes: those of which nothing is told are left out.
_LONG = frozenset({Split.ASKED_BY, Split.REQUEST_FROM, Split.THEME})


@dataclass(frozen=True, slots=True)
class Row:
    """A line: what it is, the year, the span of years; a `part` is one of the figure above it."""

    label: str
    year: str
    span: str
    part: bool = False


@dataclass(frozen=True)
class YearFigures:
    """The text for each number. With `shared` only what may be shared."""

    report: YearReport
    shared: ShareableYear | None = None

    def figure(self, figure: Figure) -> tuple[Cell, Cell | None]:
        if self.shared is not None:
            return self.shared.figure(figure), self.shared.figure_in_span(figure)
        own, years = self.report.years[self.report.year], self.report.years
        summed = sum(years[y].figures[figure] for y in self.report.span)
        return own.figures[figure], None if figure is Figure.PERSONS_CARRIED else summed

    def split(self, split: Split) -> tuple[Mapping[str, Cell], Mapping[str, Cell]]:
        if self.shared is not None:
            return self.shared.split(split), self.shared.split_in_span(split)
        years = self.report.years
        own = years[self.report.year].splits[split]
        span = {p: sum(years[y].splits[split].get(p, 0) for y in self.report.span) for p in own}
        return own, span

    def actions(self, outcome: Measure) -> tuple[Cell, Cell]:
        if self.shared is not None:
            return self.shared.actions(outcome), self.shared.actions_in_span(outcome)
        each = {y: self.report.duty_of(y).total(outcome) for y in self.report.years}
        return each[self.report.year], sum(each[y] for y in self.report.span)


def cell_text(cell: Cell | None) -> str:
    match cell:
        case None | Hidden.WITHHELD | AtLeast(number=0):
            return WITHHELD
        case Hidden.SMALL:
            return f"<{LEAST}"
        case AtLeast(number=number, whole=whole):
            return str(number) if whole else f"≥ {number}"
        case Range(least=least, most=most):
            return f"{least}–{most}"
    return str(cell)


def yearly_title(words: Words, report: YearReport) -> str:
    return words("yearly.title", team=report.team.name, year=report.year)


def span_title(report: YearReport) -> str:
    return f"{report.span[0]}–{report.span[-1]}"


def rows(words: Words, figures: YearFigures) -> list[Row]:
    """Every line, from top to bottom."""
    return [
        *(row for figure, splits in _ORDER for row in _of_figure(words, figures, figure, splits)),
        *(_row(words(f"yearly.{outcome}"), figures.actions(outcome)) for outcome in ACTIONS),
        *(row for figure, splits in _AFTER_ACTIONS for row in _of_figure(words, figures, figure, splits)),
    ]


def _of_figure(
    words: Words, figures: YearFigures, figure: Figure, splits: tuple[Split, ...]
) -> Iterator[Row]:
    yield _row(words(f"yearly.{figure}"), figures.figure(figure))
    for split in splits:
        year, span = figures.split(split)
        for part in dict.fromkeys((*year, *span)):
            cells = year.get(part), span.get(part)
            told = any(isinstance(cell, int) and cell > 0 for cell in cells)
            if told or split not in _LONG:
                yield _row(_name(words, figures.report, split, part), cells, part=True)


def _row(label: str, cells: tuple[Cell | None, Cell | None], *, part: bool = False) -> Row:
    year, span = map(cell_text, cells)
    return Row(label, year, span, part)


def _name(words: Words, report: YearReport, split: Split, part: str) -> str:
    if split is Split.THEME:
        return words("yearly.theme", theme=theme_name(words, part))
    if split not in (Split.ASKED_BY, Split.REQUEST_FROM):
        return words(f"yearly.{split}.{part}")
    if part == NO_AGENCY:
        return words(f"yearly.{split}.none")
    agency = next((a for a in report.agencies if a.id == part), None)
    who = words("report.no-agency") if agency is None else name_of(words, agency)
    return words(f"yearly.{split}", who=who)


def _notes(words: Words, figures: YearFigures) -> list[str]:
    """How to read it; and, where nothing of use is left to share, that it is so."""
    of_cases = [cell for figure, _ in (*_ORDER, _AFTER_ACTIONS[0]) for cell in figures.figure(figure)]
    empty = figures.shared is not None and all(c is None or c is Hidden.SMALL for c in of_cases)
    return [
        *([words("yearly.nothing", year=figures.report.year)] if empty else []),
        words("yearly.own") if figures.shared is None else words("yearly.shared"),
        words("yearly.reading", span=span_title(figures.report)),
    ]


def paste(words: Words, figures: YearFigures, totals: Mapping[str, str] | None = None) -> str:
    """The whole report as text, one number a line; `totals` are the coordinator's own, by their label."""
    span = span_title(figures.report)
    shown = (r for r in rows(words, figures) if not r.part or {r.year, r.span} != {WITHHELD})
    told = (f"{'  – ' if row.part else ''}{row.label}: {_said(row, span)}" for row in shown)
    lines = [yearly_title(words, figures.report), "", *told]
    if totals:
        lines += ["", words("yearly.totals"), *(f"{label}: {text}" for label, text in totals.items())]
    return "\n".join([*lines, "", *_notes(words, figures)])


def _said(row: Row, span: str) -> str:
    if row.span == WITHHELD:
        return row.year
    return f"{span}: {row.span}" if row.year == WITHHELD else f"{row.year} ({span}: {row.span})"


def yearly_sheet(words: Words, figures: YearFigures) -> bytes:
    """One row for each number, as CSV."""
    head = [words("yearly.number"), figures.report.year, span_title(figures.report)]
    return as_csv([head, *([row.label, row.year, row.span] for row in rows(words, figures))])

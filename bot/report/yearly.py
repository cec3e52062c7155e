"""The yearly report as a table and as text to paste, with all numbers or those to share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.report.figures import ACTIONS, Cell, Hidden
from bot.domain.report.yearly import JOINT, NO_AGENCY, SPLITS, Figure, Split, YearReport
from bot.report.figures import WITHHELD, cell_text, theme_name
from bot.texts.words import Words

#: Splits with a part for each agency or theme: parts without a number are left out.
_LONG = frozenset({Split.ASKED_BY, Split.REQUEST_FROM, Split.THEME})


@dataclass(frozen=True, slots=True)
class Row:
    """A line: label, number of the year, number of the span of years. A `part` splits the figure above it."""

    label: str
    year: str
    span: str
    part: bool = False


def yearly_title(words: Words, report: YearReport) -> str:
    return words("yearly.title", team=report.team.name, year=report.year)


def span_title(report: YearReport) -> str:
    return f"{report.span[0]}–{report.span[-1]}"


def rows(words: Words, report: YearReport) -> Iterator[Row]:
    """Yield every line, from top to bottom."""
    for figure in Figure:
        if figure is Figure.GUIDANCE:
            for outcome in ACTIONS:
                yield _row(words(f"yearly.{outcome}"), *report.actions(outcome))
        yield _row(words(f"yearly.{figure}"), *report.figure(figure))
        for split in SPLITS.get(figure, ()):
            year, span = report.split(split)
            for part in dict.fromkeys((*year, *span)):
                cells = [parts.get(part, Hidden.WITHHELD) for parts in (year, span)]
                told = any(isinstance(cell, int) and cell > 0 for cell in cells)
                if told or split not in _LONG:
                    yield _row(_name(words, report, split, part), *cells, part=True)


def _row(label: str, year: Cell, span: Cell, *, part: bool = False) -> Row:
    return Row(label, cell_text(year), cell_text(span), part)


def _name(words: Words, report: YearReport, split: Split, part: str) -> str:
    if split is Split.THEME:
        return words("yearly.theme", theme=theme_name(words, part))
    if split not in (Split.ASKED_BY, Split.REQUEST_FROM):
        return words(f"yearly.{split}.{part}")
    if part == NO_AGENCY:
        return words(f"yearly.{split}.none")
    agency = next((a for a in report.duty.directory if a.id == part), None)
    who = words("report.no-agency") if agency is None else agency.shown_name
    return words(f"yearly.{split}", who=who)


def _notes(words: Words, report: YearReport) -> list[str]:
    """Return how to read the report, and a line that says so if there is nothing to share."""
    told = (report.figure(figure) for figure in Figure if figure not in JOINT)
    empty = report.shared and all(isinstance(cell, Hidden) for both in told for cell in both)
    return [
        *([words("yearly.nothing", year=report.year)] if empty else []),
        words("yearly.shared" if report.shared else "report.own"),
        words("yearly.reading", span=span_title(report)),
    ]


def paste(words: Words, report: YearReport) -> str:
    """Return the report as text, one number per line."""
    span = span_title(report)
    shown = (r for r in rows(words, report) if not r.part or {r.year, r.span} != {WITHHELD})
    told = (f"{'  – ' if row.part else ''}{row.label}: {_said(row, span)}" for row in shown)
    return "\n".join([yearly_title(words, report), "", *told, "", *_notes(words, report)])


def _said(row: Row, span: str) -> str:
    if row.span == WITHHELD:
        return row.year
    return f"{span}: {row.span}" if row.year == WITHHELD else f"{row.year} ({span}: {row.span})"

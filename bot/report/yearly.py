"""The yearly report as text to paste, with all numbers or those to share."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.report.figures import Cell, Hidden
from bot.domain.report.yearly import JOINT, NO_AGENCY, SPLITS, Figure, Split, YearReport
from bot.report.figures import WITHHELD, cell_text, theme_name
from bot.texts.words import Words

#: Splits with a part for each agency or theme: parts without a number are left out.
_LONG = frozenset({Split.ASKED_BY, Split.REQUEST_FROM, Split.THEME})


def yearly_title(words: Words, report: YearReport) -> str:
    return words("yearly.title", team=report.team.name, year=report.year)


def _span(report: YearReport) -> str:
    return f"{report.span[0]}–{report.span[-1]}"


def _lines(words: Words, report: YearReport) -> Iterator[str]:
    """Yield a line for each number, and for each part of it, of the year and of the span of years."""
    for figure in Figure:
        yield f"{words(f'yearly.{figure}')}: {_said(report, *report.figure(figure))}"
        for split in SPLITS.get(figure, ()):
            year, span = report.split(split)
            for part in dict.fromkeys((*year, *span)):
                cells = [parts.get(part, Hidden.WITHHELD) for parts in (year, span)]
                told = any(isinstance(cell, int) and cell > 0 for cell in cells)
                withheld = all(cell_text(cell) == WITHHELD for cell in cells)
                if not withheld and (told or split not in _LONG):
                    yield f"  – {_name(words, report, split, part)}: {_said(report, *cells)}"


def _said(report: YearReport, year: Cell, span: Cell) -> str:
    alone, added = cell_text(year), f"{_span(report)}: {cell_text(span)}"
    if cell_text(span) == WITHHELD:
        return alone
    return added if alone == WITHHELD else f"{alone} ({added})"


def _name(words: Words, report: YearReport, split: Split, part: str) -> str:
    if split is Split.THEME:
        return words("yearly.theme", theme=theme_name(words, part))
    if split not in (Split.ASKED_BY, Split.REQUEST_FROM):
        return words(f"yearly.{split}.{part}")
    if part == NO_AGENCY:
        return words(f"yearly.{split}.none")
    names = {agency.id: agency.shown_name for agency in report.directory}
    return words(f"yearly.{split}", who=names[part])


def _notes(words: Words, report: YearReport) -> list[str]:
    """Return whether it may be shared, or that there is nothing to share, and how to read it."""
    told = (report.figure(figure) for figure in Figure if figure not in JOINT)
    if report.shared and all(isinstance(cell, Hidden) for both in told for cell in both):
        return [words("yearly.nothing", year=report.year)]
    use = words("yearly.shared" if report.shared else "report.own")
    return [use, words("yearly.reading", span=_span(report))]


def paste(words: Words, report: YearReport) -> str:
    """Return the report as text, one number per line."""
    lines = [yearly_title(words, report), "", *_lines(words, report), "", *_notes(words, report)]
    return "\n".join(lines)

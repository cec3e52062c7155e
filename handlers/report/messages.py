"""The duty report as it comes to a coordinator: the numbers as text, the picture, the spreadsheet."""

from __future__ import annotations

from bot.domain.notifications import Kind
from bot.domain.report.disclosure import shareable
from bot.domain.report.figures import Report
from bot.report.figures import Figures, outside, paragraphs, title
from bot.report.picture import draw, heat_map
from bot.report.sheet import sheet
from bot.texts.words import Words
from handlers.blocks.context import File, Message, escape
from handlers.blocks.elements import context, section, sections


def report_document(kind: Kind, words: Words, report: Report, *, shared: bool) -> Message | File | None:
    """Return what is asked for; None where there is nothing to draw. A picture takes long."""
    figures = Figures(report, shareable(report) if shared else None)
    if kind is Kind.REPORT_PICTURE:
        heat = heat_map(words, figures)
        return File("rapport-0.png", draw(heat), escape(heat.title), heat.alt) if heat is not None else None
    if kind is Kind.REPORT_SHEET:
        return File("rapport-0.csv", sheet(words, figures), words("report.sheet"))
    return _message(words, figures)


def _message(words: Words, figures: Figures) -> Message:
    report = figures.report
    heading = escape(title(words, report))
    told = [_paragraph(name, lines) for name, lines in paragraphs(words, figures)]
    if figures.shared is None:
        told += [_paragraph(name, lines) for name, lines in outside(words, report)]
    notes = [escape(words("report.shared")) if figures.shared is not None else words("report.own")]
    if figures.shared is None and report.unregistered:
        notes.append(words.count("report.unregistered", report.unregistered))
    if not told:
        return Message(heading, [section(f"*{heading}*\n{words('report.nothing')}"), context(*notes)])
    return Message(heading, [section(f"*{heading}*"), *sections("\n\n".join(told)), context(*notes)])


def _paragraph(name: str, lines: list[str]) -> str:
    text = "\n".join(lines)
    return f"*{escape(name)}*\n{escape(text)}"

"""The reports that were ordered: as messages, and as a spreadsheet."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.directory.entities import Team
from bot.domain.notifications import Kind, ReportPeriod
from bot.domain.report.figures import Period, Report
from bot.report.figures import paragraphs, sheet, title
from bot.report.yearly import paste, yearly_title
from bot.usecases.authorization import teams_of
from bot.usecases.report import report_of, year_report_of
from handlers.blocks.context import File, Message, PersonRenderContext, escape
from handlers.blocks.elements import code, context, lines, section, sections
from handlers.delivery.declarations import PersonMessage


def _ordered(ctx: PersonRenderContext) -> tuple[Team, ReportPeriod] | None:
    """Return what was ordered; None if its reader no longer coordinates the team."""
    theirs = (team for team in teams_of(ctx.uow, ctx.person) if team.id == ctx.notification.subject)
    return next(((team, ctx.notification.params_as(ReportPeriod)) for team in theirs), None)


def _report(ctx: PersonRenderContext) -> Report | None:
    if (ordered := _ordered(ctx)) is None:
        return None
    team, asked = ordered
    return replace(report_of(ctx.uow, team, Period(asked.first, asked.last)), shared=asked.shared)


def _duty(ctx: PersonRenderContext) -> Message | None:
    words, report = ctx.words, _report(ctx)
    if report is None:
        return None
    told = (f"*{escape(name)}*\n{escape(lines(*measures))}" for name, measures in paragraphs(words, report))
    text = "\n\n".join(told) or words("report.nothing")
    note = context(escape(words("report.shared" if report.shared else "report.own")))
    return Message([section(f"*{escape(title(words, report))}*"), *sections(text), note])


def _sheet(ctx: PersonRenderContext) -> File | None:
    report = _report(ctx)
    return File("rapport-0.csv", sheet(ctx.words, report)) if report is not None else None


def _yearly(ctx: PersonRenderContext) -> Message | None:
    if (ordered := _ordered(ctx)) is None:
        return None
    team, asked = ordered
    words, report = ctx.words, replace(year_report_of(ctx.uow, team, asked.first.year), shared=asked.shared)
    heading = f"*{escape(yearly_title(words, report))}*"
    return Message([section(lines(heading, escape(words("yearly.paste")))), *code(paste(words, report))])


NOTIFICATIONS = (
    PersonMessage(Kind.REPORT, _duty),
    PersonMessage(Kind.REPORT_SHEET, _sheet),
    PersonMessage(Kind.YEARLY, _yearly),
)

"""The duty report: ordered for a period, delivered as text and spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.domain.directory.entities import Team
from bot.domain.notifications import Kind, ReportPeriod
from bot.domain.report.figures import Period, Report, month_after
from bot.report.figures import paragraphs, sheet, title
from bot.texts.words import Words
from bot.usecases.report import MOST_MONTHS, OWN, order_report, report_of, team_of_order
from handlers.blocks import inputs
from handlers.blocks.context import File, Message, PersonRenderContext, escape
from handlers.blocks.elements import button, context, lines, section, sections
from handlers.blocks.modal import Blocks, field, form, team_field
from handlers.delivery.declarations import PersonMessage
from handlers.report.yearly import YEARLY, is_shared, use_field
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import SubmissionRequest


@form("report", "team, or nothing when it is chosen in the form")
def report_form(words: Words, teams: list[Team], now: datetime) -> Blocks:
    """Order a report of who came and answered in a period, agency by agency: all numbers, or to be shared.

    This year so far is filled in. «Årsmelding» in the form orders the yearly report instead.
    """
    today = teams[0].day_of(now)
    alone = teams[0].id if len(teams) == 1 else ""
    newest_first = (month_after(today, -n) for n in range(MOST_MONTHS))
    months = [(f"{m:%Y-%m}", words.month(m)) for m in newest_first]
    yield section(words("modal.report.intro"))
    yield section(words("modal.report.yearly"), button(words("press.yearly"), YEARLY, "-"))
    yield from team_field(words, teams)
    yield field(words, "first", "field.report.first", inputs.select(months, f"{today:%Y}-01"))
    yield field(words, "last", "field.report.last", inputs.select(months, f"{today:%Y-%m}"))
    yield use_field(words, "for", OWN, hint=True)
    return alone


def _message(words: Words, report: Report) -> Message:
    told = (f"*{escape(name)}*\n{escape(lines(*measures))}" for name, measures in paragraphs(words, report))
    text = "\n\n".join(told) or words("report.nothing")
    note = context(escape(words("report.shared" if report.shared else "report.own")))
    return Message([section(f"*{escape(title(words, report))}*"), *sections(text), note])


def _counted(ctx: PersonRenderContext) -> Report | None:
    """Return the report that was ordered; None if its reader no longer coordinates the team."""
    asked = ctx.notification.params_as(ReportPeriod)
    team = team_of_order(ctx.uow, ctx.person.id, ctx.notification.subject)
    if team is None:
        return None
    return replace(report_of(ctx.uow, team, Period(asked.first, asked.last)), shared=asked.shared)


def _told(ctx: PersonRenderContext) -> Message | None:
    report = _counted(ctx)
    return _message(ctx.words, report) if report is not None else None


def _sheet(ctx: PersonRenderContext) -> File | None:
    report = _counted(ctx)
    return File("rapport-0.csv", sheet(ctx.words, report)) if report is not None else None


NOTIFICATIONS = (PersonMessage(Kind.REPORT, _told), PersonMessage(Kind.REPORT_SHEET, _sheet))


async def ordered(request: SubmissionRequest) -> None:
    """Order the report, and say that it comes as direct messages."""
    fields = request.fields
    team_id = request.metadata or fields.needed("team")
    period = Period(_month(fields.needed("first")), _month(fields.needed("last")))
    await request.act(order_report, team_id, period, shared=is_shared(fields.needed("for")))
    await request.done(request.words("modal.report.ordered"))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Unreadable from None

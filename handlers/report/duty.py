"""The duty report: ordered for a period, delivered as text and spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.domain.directory.entities import Team
from bot.domain.notifications import Kind, ReportPeriod
from bot.domain.report.figures import Period, Report, month_after
from bot.report.figures import outside, paragraphs, sheet, title
from bot.texts.words import Words
from bot.usecases.ports import Claim
from bot.usecases.report import MOST_MONTHS, OWN, order_report, report_of
from handlers.blocks import inputs
from handlers.blocks.context import File, Message, escape
from handlers.blocks.elements import button, context, section, sections
from handlers.blocks.modal import Blocks, field, form, team_field
from handlers.delivery.declarations import Job
from handlers.delivery.services import DeliveryServices
from handlers.report.delivery import deliver, is_shared, use_field
from handlers.report.yearly import YEARLY
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
    heading = escape(title(words, report))
    told = [_paragraph(name, lines) for name, lines in paragraphs(words, report)]
    notes = [escape(words("report.shared" if report.shared else "report.own"))]
    if not report.shared:
        told += [_paragraph(name, lines) for name, lines in outside(words, report)]
        if report.unregistered:
            notes.append(words.count("report.unregistered", report.unregistered))
    if not told:
        return Message([section(f"*{heading}*\n{words('report.nothing')}"), context(*notes)])
    return Message([section(f"*{heading}*"), *sections("\n\n".join(told)), context(*notes)])


def _paragraph(name: str, lines: list[str]) -> str:
    text = "\n".join(lines)
    return f"*{escape(name)}*\n{escape(text)}"


async def deliver_report(services: DeliveryServices, claim: Claim) -> None:
    """Post the report of a period of months, or its spreadsheet."""
    asked = claim.notification.params_as(ReportPeriod)
    await deliver(
        services,
        claim,
        lambda uow, team: replace(report_of(uow, team, Period(asked.first, asked.last)), shared=asked.shared),
        SHOWS[claim.notification.kind],
    )


#: The report as each kind shows it.
SHOWS: Mapping[Kind, Callable[[Words, Report], Message | File]] = {
    Kind.REPORT: _message,
    Kind.REPORT_SHEET: lambda words, report: File("rapport-0.csv", sheet(words, report)),
}
NOTIFICATIONS = tuple(Job(kind, deliver_report) for kind in SHOWS)


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

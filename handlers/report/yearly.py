"""The yearly report: ordered for a year, delivered as text to paste."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.directory.entities import Team
from bot.domain.notifications import Kind, ReportYear
from bot.domain.report.yearly import YearReport
from bot.report.yearly import paste, yearly_title
from bot.texts.words import Words
from bot.usecases.report import OWN, SHARED, order_year, team_of_order, year_report_of
from handlers.blocks import inputs
from handlers.blocks.context import Block, Message, PersonRenderContext, escape
from handlers.blocks.elements import ActionId, code, lines, section
from handlers.blocks.modal import Blocks, field, form, team_field
from handlers.delivery.declarations import PersonMessage
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import SubmissionRequest

YEARLY = ActionId("yearly", "`-`")
#: How far back a year can be chosen.
MOST_YEARS = 10


@form("yearly", "team, or nothing when it is chosen in the form")
def yearly_form(said: Words, teams: list[Team], now: datetime) -> Blocks:
    """Choose the year, the use, and the team if several.

    Last year is filled in, to be shared: it is over. Field names differ from those of the form that this one
    replaces, since Slack would keep the value of a field of the same name.
    """
    this_year = teams[0].day_of(now).year
    alone = teams[0].id if len(teams) == 1 else ""
    years = [(str(year), str(year)) for year in range(this_year, this_year - MOST_YEARS, -1)]
    yield section(said("modal.yearly.intro"))
    yield from team_field(said, teams)
    yield field(said, "year", "field.yearly.year", inputs.select(years, str(this_year - 1)))
    yield use_field(said, "use", SHARED)
    return alone


def message(said: Words, report: YearReport) -> Message:
    title = f"*{escape(yearly_title(said, report))}*"
    return Message([section(lines(title, escape(said("yearly.paste")))), *code(paste(said, report))])


def _told(ctx: PersonRenderContext) -> Message | None:
    """Return the report that was ordered; None if its reader no longer coordinates the team."""
    asked = ctx.notification.params_as(ReportYear)
    team = team_of_order(ctx.uow, ctx.person.id, ctx.notification.subject)
    if team is None:
        return None
    return message(ctx.words, replace(year_report_of(ctx.uow, team, asked.year), shared=asked.shared))


NOTIFICATIONS = (PersonMessage(Kind.YEARLY, _told),)


def use_field(words: Words, name: str, use: str, *, hint: bool = False) -> Block:
    """Return the field for whom a report is."""
    uses = [(each, words(f"report-for.{each}")) for each in (OWN, SHARED)]
    return field(words, name, "field.report.for", inputs.radio(uses, use), hint=hint)


def is_shared(use: str) -> bool:
    """Return whether the report is to be shared, from the form's field."""
    if use not in (OWN, SHARED):
        raise Unreadable
    return use == SHARED


async def ordered(request: SubmissionRequest) -> None:
    """Order the report, and say that it comes as a direct message."""
    fields = request.fields
    year = fields.needed("year")
    if not (year.isdecimal() and 0 <= request.now.year + 1 - int(year) <= MOST_YEARS):
        raise Unreadable
    team_id = request.metadata or fields.needed("team")
    await request.act(order_year, team_id, int(year), shared=is_shared(fields.needed("use")))
    await request.done(request.words("modal.yearly.ordered"))

"""The yearly report: ordered for a year, delivered as table, text to paste and spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.directory.entities import Team
from bot.domain.language import Language
from bot.domain.notifications import Kind, ReportYear
from bot.domain.report.yearly import YearReport
from bot.report.yearly import paste, rows, span_title, yearly_sheet, yearly_title
from bot.texts.words import Words, words
from bot.usecases.ports import Claim
from bot.usecases.report import SHARED, order_year, year_report_of
from handlers.blocks import inputs
from handlers.blocks.context import File, Message, escape
from handlers.blocks.elements import ActionId, code, section, table
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, team_field
from handlers.delivery.declarations import Job
from handlers.delivery.services import DeliveryServices
from handlers.report.delivery import deliver, is_shared, use_field
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import SubmissionRequest

YEARLY = ActionId("yearly", "`-`")
#: How far back a year can be chosen.
MOST_YEARS = 10


@form("yearly", "team, or nothing when it is chosen in the form")
def yearly_form(said: Words, teams: list[Team], now: datetime) -> Blocks:
    """Choose the year, the use, the language, and the team if several.

    Last year is filled in, to be shared: it is over. Field names differ from those of the form that this one
    replaces, since Slack would keep the value of a field of the same name.
    """
    this_year = teams[0].day_of(now).year
    alone = teams[0].id if len(teams) == 1 else ""
    years = [(str(year), str(year)) for year in range(this_year, this_year - MOST_YEARS, -1)]
    languages = inputs.radio(choices_of(said, "language", Language), said.language)
    yield section(said("modal.yearly.intro"))
    yield from team_field(said, teams)
    yield field(said, "year", "field.yearly.year", inputs.select(years, str(this_year - 1)))
    yield use_field(said, "use", SHARED)
    yield field(said, "language", "field.yearly.language", languages)
    return alone


def _message(said: Words, report: YearReport) -> Message:
    heads = [said("yearly.number"), str(report.year), span_title(report)]
    lines = [(f"– {row.label}" if row.part else row.label, row.year, row.span) for row in rows(said, report)]
    title = section(f"*{escape(yearly_title(said, report))}*")
    to_copy = [section(escape(said("yearly.paste"))), *code(paste(said, report))]
    return Message([title, table([heads, *lines]), *to_copy])


async def deliver_yearly(services: DeliveryServices, claim: Claim) -> None:
    """Post the report of a year, or its spreadsheet, in the chosen language."""
    asked, show = claim.notification.params_as(ReportYear), SHOWS[claim.notification.kind]
    chosen = words(Language(asked.language))
    await deliver(
        services,
        claim,
        lambda uow, team: replace(year_report_of(uow, team, asked.year), shared=asked.shared),
        lambda _, report: show(chosen, report),
    )


#: The report as each kind shows it.
SHOWS: Mapping[Kind, Callable[[Words, YearReport], Message | File]] = {
    Kind.YEARLY: _message,
    Kind.YEARLY_SHEET: lambda said, report: File("rapport-0.csv", yearly_sheet(said, report)),
}
NOTIFICATIONS = tuple(Job(kind, deliver_yearly) for kind in SHOWS)


async def ordered(request: SubmissionRequest) -> None:
    """Order the report, and say that it comes as direct messages."""
    fields = request.fields
    year = fields.needed("year")
    if not (year.isdecimal() and 0 <= request.now.year + 1 - int(year) <= MOST_YEARS):
        raise Unreadable
    await request.act(
        order_year,
        request.metadata or fields.needed("team"),
        int(year),
        member(Language, fields.needed("language")),
        shared=is_shared(fields.needed("use")),
    )
    await request.done(request.words("modal.yearly.ordered"))

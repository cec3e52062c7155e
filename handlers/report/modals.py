"""The form that orders the reports."""

from __future__ import annotations

from datetime import datetime

from bot.domain.directory.entities import Team
from bot.domain.report.figures import month_after
from bot.texts.words import Words
from bot.usecases.report import MOST_MONTHS, ReportFor
from handlers.blocks import inputs
from handlers.blocks.elements import section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form, team_field


@form("report", "team, or nothing when it is chosen in the form", heading="command.report.choice")
def report_form(words: Words, teams: list[Team], now: datetime) -> Blocks:
    """Order a report of who came and answered in a period, agency by agency: all numbers, or to be shared.

    This year so far is filled in. With a whole year the yearly report comes too.
    """
    today = teams[0].day_of(now)
    newest_first = (month_after(today, -n) for n in range(MOST_MONTHS))
    months = [(f"{m:%Y-%m}", words.month(m)) for m in newest_first]
    uses = inputs.radio(choices_of(words, "report-for", ReportFor), ReportFor.OWN)
    yield section(words("modal.report.intro"))
    yield from team_field(words, teams)
    yield field(words, "first", "field.report.first", inputs.select(months, f"{today:%Y}-01"))
    yield field(words, "last", "field.report.last", inputs.select(months, f"{today:%Y-%m}"))
    yield field(words, "use", "field.report.for", uses, hint=True)
    return teams[0].id if len(teams) == 1 else ""

"""`/tot rapport`: the duty report for a period."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.usecases.report import see_reportable
from handlers.report.modals import report_form
from handlers.slack.requests import CommandRequest


async def order_report(request: CommandRequest) -> None:
    """Order a report: who came and answered, agency by agency, in a period: all numbers, or to be shared.

    This year so far is filled in.
    """
    teams = await request.look(see_reportable)
    today = request.services.clock.now().astimezone(ZoneInfo(teams[0].zone)).date()
    await request.open(report_form(request.words, teams, today))

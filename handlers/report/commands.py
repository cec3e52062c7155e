"""`/tot rapport`: the duty report for a period."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.usecases.report import see_reportable
from handlers.report.modals import report_form
from handlers.slack.requests import Typed


async def order_report(typed: Typed) -> None:
    """Open the form; this year so far is filled in."""
    teams = await typed.look(see_reportable)
    today = typed.services.clock.now().astimezone(ZoneInfo(teams[0].zone)).date()
    await typed.open(report_form(typed.words, teams, today))

"""`/tot rapport`: the duty report for a period."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.usecases.report_duties import see_reportable
from handlers.blocks.modals.report import report_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form; this year so far is filled in."""
    teams = await typed.look(see_reportable)
    today = typed.services.clock.now().astimezone(ZoneInfo(teams[0].zone)).date()
    await typed.open(report_form(typed.words, teams, today))

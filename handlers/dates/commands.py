"""`/tot frist`: a placement, a reflection period, an agency's own deadline."""

from __future__ import annotations

from bot.usecases.dates import see_dates
from handlers.dates.modals import choose_form
from handlers.slack.requests import CommandRequest


async def set_date(request: CommandRequest) -> None:
    """A placement, a reflection period, or an agency's own deadline."""
    dates = await request.look(see_dates, request.channel)
    await request.open(choose_form(request.words, dates))

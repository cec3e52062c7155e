"""`/tot frist`: a placement, a reflection period, an agency's own deadline."""

from __future__ import annotations

from bot.usecases.dates import see_dates
from handlers.dates.modals import choose_form
from handlers.slack.requests import Typed


async def set_date(typed: Typed) -> None:
    """Open the form in which it is chosen what it is about."""
    dates = await typed.look(lambda uow, actor: see_dates(uow, actor, typed.channel))
    await typed.open(choose_form(typed.words, dates))

"""Buttons on a request to convene. Each opens a form."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.convening import enter_convening
from handlers.convening.modals import decline_convening_form
from handlers.slack.requests import Pressed


async def decline_convening(pressed: Pressed) -> None:
    """«Nei»."""
    found = await pressed.look(
        lambda uow, actor: enter_convening(uow, actor, Action.DECIDE_CONVENING, pressed.value)
    )
    await pressed.open(decline_convening_form(pressed.words, found))

"""Buttons on a request to convene. Each opens a form."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.convening import enter_convening
from handlers.convening.modals import decline_convening_form
from handlers.slack.requests import ActionRequest


async def decline_convening(request: ActionRequest) -> None:
    """Open the form for no, with a reason."""
    found = await request.look(
        lambda uow, actor: enter_convening(uow, actor, Action.DECIDE_CONVENING, request.value)
    )
    await request.open(decline_convening_form(request.words, found))

"""The buttons about deputies: name another, approve, refuse."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.deputies.naming import ApproveDeputy, approve_deputy, see_decision, see_naming
from handlers.deputies.modals import deputy_form, refuse_form
from handlers.slack.requests import ActionRequest


async def name(request: ActionRequest) -> None:
    """Open the form that names a deputy."""
    file, ask, deputies = await request.look(see_naming, request.value)
    if not deputies:
        raise NobodyToAsk
    await request.open(deputy_form(request.words, file, ask, deputies))


async def approve(request: ActionRequest) -> None:
    """Approve a deputy, who is asked then."""
    await request.act(approve_deputy, ApproveDeputy(request.value))


async def refuse(request: ActionRequest) -> None:
    """Open the form that refuses a deputy, with the reason."""
    file, ask = await request.look(see_decision, request.value)
    await request.open(refuse_form(request.words, file, ask))

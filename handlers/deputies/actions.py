"""The buttons about deputies: name another, approve, refuse."""

from __future__ import annotations

from bot.usecases.deputies.naming import ApproveDeputy, approve_deputy, see_decision
from handlers.deputies.commands import naming_view
from handlers.deputies.modals import refuse_form
from handlers.slack.requests import ActionRequest


async def name(request: ActionRequest) -> None:
    """Open the form that names a deputy."""
    await request.open(await naming_view(request, request.value))


async def approve(request: ActionRequest) -> None:
    """Approve a deputy, who is asked then."""
    await request.act(approve_deputy, ApproveDeputy(request.value))


async def refuse(request: ActionRequest) -> None:
    """Open the form that refuses a deputy, with the reason."""
    file, ask = await request.look(see_decision, request.value)
    await request.open(refuse_form(request.words, file, ask))

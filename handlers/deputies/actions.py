"""The buttons about deputies: name another, approve, refuse."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.deputies.naming import ApproveDeputy, approve_deputy, see_decision, see_naming
from handlers.deputies.modals import deputy_form, refuse_form
from handlers.slack.requests import Pressed


async def name(pressed: Pressed) -> None:
    """Opens the form that names a deputy."""
    file, ask, deputies = await pressed.look(lambda uow, actor: see_naming(uow, actor, pressed.value))
    if not deputies:
        raise NobodyToAsk
    await pressed.open(deputy_form(pressed.words, file, ask, deputies))


async def approve(pressed: Pressed) -> None:
    """«Godkjenn»."""
    await pressed.act(approve_deputy, ApproveDeputy(pressed.value))


async def refuse(pressed: Pressed) -> None:
    """«Avslå»: opens the form for the reason."""
    file, ask = await pressed.look(lambda uow, actor: see_decision(uow, actor, pressed.value))
    await pressed.open(refuse_form(pressed.words, file, ask))

"""`/tot avlys`: call a meeting off."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.meetings import see_movable
from handlers.blocks.modals.meetings import cancel_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form that shows who is told."""
    here, ahead = await typed.look(
        lambda uow, actor: see_movable(uow, actor, typed.channel, Action.CANCEL_MEETING)
    )
    await typed.open(cancel_form(typed.words, here.file, ahead))

"""`/tot møte`: call one more meeting."""

from __future__ import annotations

from bot.usecases.meetings import see_callable
from handlers.blocks.modals.meetings import call_form
from handlers.encounters import Typed
from handlers.proposals import propose


async def run(typed: Typed) -> None:
    """Open the form, with the time that was typed."""
    here = await typed.look(lambda uow, actor: see_callable(uow, actor, typed.channel))
    now = typed.services.clock.now()
    await typed.open(call_form(typed.words, here.file, propose(typed.words, here.file.team, typed.rest, now)))

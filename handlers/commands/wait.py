"""`/tot vent`: help is not wanted now, and the case waits."""

from __future__ import annotations

from bot.usecases.wait import see_waiting
from handlers.actions.phases import wait_form_of
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form."""
    here = await typed.look(lambda uow, actor: see_waiting(uow, actor, typed.channel))
    await typed.open(wait_form_of(typed.words, here.file, typed.services.clock.now()))

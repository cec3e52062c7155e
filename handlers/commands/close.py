"""`/tot lukk`: close the case, or close it for one person."""

from __future__ import annotations

from bot.usecases.close_case import see_closing
from handlers.blocks.modals.case import close_form
from handlers.commands.likely import named
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form that lists what is open, and the deletion date."""
    here, delete_on = await typed.look(lambda uow, actor: see_closing(uow, actor, typed.channel))
    likely = named(typed.rest, {letter: letter for letter in here.file.open_letters})
    await typed.open(close_form(typed.words, here.file, delete_on, typed.services.clock.now(), likely))

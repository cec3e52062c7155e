"""`/tot person`: more persons in the case."""

from __future__ import annotations

from bot.usecases.add_persons import see_growable
from handlers.blocks.modals.persons import add_persons_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form that adds persons."""
    here = await typed.look(lambda uow, actor: see_growable(uow, actor, typed.channel))
    await typed.open(add_persons_form(typed.words, here.file))

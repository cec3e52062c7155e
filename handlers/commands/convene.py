"""`/tot kalle`: ask that TOT convenes."""

from __future__ import annotations

from bot.usecases.convening.ask_to_convene import see_convenable
from handlers.blocks.modals.convening import convene_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form. What was typed after the word is not used: it has not passed the guard."""
    await typed.open(convene_form(typed.words, await typed.look(see_convenable)))

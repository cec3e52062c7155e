"""`/tot kalle`: ask that TOT convenes."""

from __future__ import annotations

from bot.usecases.convening import see_convenable
from handlers.convening.modals import convene_form
from handlers.slack.requests import Typed


async def ask_to_convene(typed: Typed) -> None:
    """Open the form. What was typed after the word is not used: it has not passed the guard."""
    await typed.open(convene_form(typed.words, await typed.look(see_convenable)))

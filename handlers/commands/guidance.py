"""`/tot veiledning`: ask the coordinators for guidance."""

from __future__ import annotations

from bot.usecases.guidance.ask_guidance import see_askable
from handlers.blocks.modals.guidance import ask_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form. What was typed after the word is not used: it has not passed the guard."""
    teams = await typed.look(see_askable)
    await typed.open(ask_form(typed.words, teams, typed.services.clock.now()))

"""`/tot veiledning`: ask the coordinators for guidance."""

from __future__ import annotations

from bot.usecases.guidance import see_askable
from handlers.guidance.modals import ask_form
from handlers.slack.requests import Typed


async def ask_guidance(typed: Typed) -> None:
    """Open the form. What was typed after the word is not used: it has not passed the guard."""
    teams = await typed.look(see_askable)
    await typed.open(ask_form(typed.words, teams, typed.services.clock.now()))

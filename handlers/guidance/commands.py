"""`/tot veiledning`: ask the coordinators for guidance."""

from __future__ import annotations

from bot.usecases.guidance import see_askable
from handlers.guidance.modals import ask_form
from handlers.slack.requests import CommandRequest


async def ask_guidance(request: CommandRequest) -> None:
    """Ask the coordinators for guidance: a theme and an anonymous text.

    What was typed after the word is not used: it has not passed the guard.
    """
    teams = await request.look(see_askable)
    await request.open(ask_form(request.words, teams, request.now))

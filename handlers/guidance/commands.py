"""`/tot veiledning`: ask the coordinators for guidance, in the room of a case those of that case."""

from __future__ import annotations

from bot.usecases.guidance import see_askable, see_askable_here
from handlers.guidance import in_case
from handlers.guidance.modals import ask_form
from handlers.slack.requests import CommandRequest


async def ask_guidance(request: CommandRequest) -> None:
    """Ask the coordinators for guidance: a theme and an anonymous text; in a case's room those of that case.

    What was typed after the word is not used: it has not passed the guard.
    """
    here = await request.look(see_askable_here, request.channel)
    if here is not None:
        await request.open(in_case.ask_form(request.words, here.file, request.now))
        return
    teams = await request.look(see_askable)
    await request.open(ask_form(request.words, teams, request.now))

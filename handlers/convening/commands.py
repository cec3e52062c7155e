"""`/tot kalle`: ask that TOT convenes."""

from __future__ import annotations

from bot.usecases.convening import see_convenable
from handlers.convening.modals import convene_form
from handlers.slack.requests import CommandRequest


async def ask_to_convene(request: CommandRequest) -> None:
    """Ask that TOT convenes: for which agency, how urgent.

    What was typed after the word is not used: it has not passed the guard.
    """
    await request.open(convene_form(request.words, await request.look(see_convenable)))

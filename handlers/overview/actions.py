"""The button that anyone has: help."""

from __future__ import annotations

from bot.usecases.overview import look_around
from handlers.blocks.modal import notice
from handlers.overview.commands import all_help
from handlers.slack.requests import ActionRequest


async def help(request: ActionRequest) -> None:
    """See what one can do."""
    around = await request.look(look_around, None)
    await request.open(notice(request.words, *all_help(request.words, request.services.commands, around)))

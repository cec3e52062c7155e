"""Buttons that anyone has: help; and those that no longer mean anything."""

from __future__ import annotations

from bot.domain.errors import NoLongerAsked
from bot.usecases.overview import look_around
from handlers.blocks.modal import notice
from handlers.overview.commands import all_help
from handlers.slack.requests import ActionRequest


async def help(request: ActionRequest) -> None:
    """What this person can do."""
    around = await request.look(lambda uow, actor: look_around(uow, actor, None))
    await request.open(notice(request.words, *all_help(request.words, around)))


async def unknown(request: ActionRequest) -> None:
    """A button of an older version, or a forged one. A link's button carries no value and needs no answer."""
    if request.value:
        raise NoLongerAsked

"""Buttons that anyone has: help; and those that no longer mean anything."""

from __future__ import annotations

from bot.domain.errors import NoLongerAsked
from bot.usecases.overview import look_around
from handlers.blocks.modal import notice
from handlers.overview.commands import all_help
from handlers.slack.requests import Pressed


async def help(pressed: Pressed) -> None:
    """What this person can do."""
    around = await pressed.look(lambda uow, actor: look_around(uow, actor, None))
    await pressed.open(notice(pressed.words, *all_help(pressed.words, around)))


async def unknown(pressed: Pressed) -> None:
    """A button of an older version, or a forged one. A link's button carries no value and needs no answer."""
    if pressed.value:
        raise NoLongerAsked

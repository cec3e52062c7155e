"""Buttons that anyone has: help and language; and those that no longer mean anything."""

from __future__ import annotations

from bot.domain.directory import Language
from bot.domain.errors import NoLongerAsked
from bot.usecases.keep_profile import SetLanguage, set_language
from bot.usecases.look_around import look_around
from handlers.blocks.modals.notices import notice
from handlers.commands.help import all_help
from handlers.encounters import Pressed
from handlers.payloads import member


async def help(pressed: Pressed) -> None:
    """What this person can do."""
    around = await pressed.look(lambda uow, actor: look_around(uow, actor, None))
    await pressed.open(notice(pressed.words, *all_help(pressed.words, around)))


async def language(pressed: Pressed) -> None:
    """The language that was chosen in Home."""
    await pressed.act(set_language, SetLanguage(member(Language, pressed.value)))


async def unknown(pressed: Pressed) -> None:
    """A button of an older version, or a forged one. A link's button carries no value and needs no answer."""
    if pressed.value:
        raise NoLongerAsked

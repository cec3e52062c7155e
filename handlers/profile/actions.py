"""The button that opens the form of one's language."""

from __future__ import annotations

from bot.domain.language import Language
from bot.usecases.profile import SetLanguage, set_language
from handlers.slack.payloads import member
from handlers.slack.requests import Pressed


async def language(pressed: Pressed) -> None:
    """The language that was chosen in Home."""
    await pressed.act(set_language, SetLanguage(member(Language, pressed.value)))

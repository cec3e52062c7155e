"""The button that opens the form of one's language."""

from __future__ import annotations

from bot.domain.language import Language
from bot.usecases.profile import SetLanguage, set_language
from handlers.slack.payloads import member
from handlers.slack.requests import ActionRequest


async def language(request: ActionRequest) -> None:
    """Set the language that was chosen in Home."""
    await request.act(set_language, SetLanguage(member(Language, request.value)))

"""The form of one's language."""

from __future__ import annotations

from bot.domain.language import Language
from bot.usecases.profile import SetLanguage, set_language
from handlers.slack.payloads import member
from handlers.slack.requests import Submitted


async def language(submitted: Submitted) -> None:
    """The language that was chosen."""
    chosen = member(Language, submitted.fields.needed("language"))
    await submitted.act(set_language, SetLanguage(chosen))
    await submitted.done()

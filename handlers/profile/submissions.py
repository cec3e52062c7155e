"""The form of one's language."""

from __future__ import annotations

from bot.domain.language import Language
from bot.usecases.profile import SetLanguage, set_language
from handlers.slack.payloads import member
from handlers.slack.requests import SubmissionRequest


async def language(request: SubmissionRequest) -> None:
    """The language that was chosen."""
    chosen = member(Language, request.fields.needed("language"))
    await request.act(set_language, SetLanguage(chosen))
    await request.done()

"""The button that opens a form again which its person has not got to the end of."""

from __future__ import annotations

from bot.usecases.review import see_form
from handlers.slack.requests import ActionRequest
from handlers.slack.resume import opened_again


async def resume(request: ActionRequest) -> None:
    """Open a form again as it was filled in: one that failed, or was left before it was sent."""
    form = await request.look(see_form, request.value)
    await request.open(opened_again(request.words, request.value, form))

"""`/tot tiltak`: agree an action; `/tot tiltak behov`: which needs the case has."""

from __future__ import annotations

from bot.usecases.actions.actions import see_agreeable
from bot.usecases.actions.needs import see_needs_here
from handlers.actions.modals import agree_form, needs_form
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import named, normal

_NEEDS = frozenset({"behov", "needs"})


async def see_actions(request: CommandRequest) -> None:
    """Agree an action; `tiltak behov`: which needs the case has, and whose.

    An agency's name after the word chooses it. Anything else that was typed is not used: it has not passed
    the guard.
    """
    if normal(request.rest) in _NEEDS:
        needed = await request.look(see_needs_here, request.channel)
        await request.open(needs_form(request.words, needed.file))
        return
    here, parts = await request.look(see_agreeable, request.channel)
    file = here.file
    likely = named(request.rest, {i.id: file.agency_of(i.id).shown_name for i in parts}) or ""
    await request.open(agree_form(request.words, file, parts, request.now, likely=likely))

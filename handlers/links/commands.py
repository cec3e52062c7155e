"""`/tot koble`: what the case belongs together with."""

from __future__ import annotations

from bot.usecases.links.links import see_linkable
from handlers.links.modals import link_menu, menu_choices
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import named


async def link_cases(request: CommandRequest) -> None:
    """Link two cases, mark a repeat, split a person off, take in a liaison."""
    here, linked = await request.look(see_linkable, request.channel)
    likely = named(request.rest, dict(menu_choices(request.words, here.file)))
    await request.open(link_menu(request.words, here.file, linked, likely))

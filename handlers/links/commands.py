"""`/tot koble`: what the case belongs together with."""

from __future__ import annotations

from bot.usecases.links.links import see_linkable
from handlers.links.modals import link_menu, menu_choices
from handlers.slack.requests import Typed
from handlers.slack.vocabulary import named


async def link_cases(typed: Typed) -> None:
    """Open the form that shows what is linked and asks what to do."""
    here, linked = await typed.look(lambda uow, actor: see_linkable(uow, actor, typed.channel))
    likely = named(typed.rest, dict(menu_choices(typed.words, here.file)))
    await typed.open(link_menu(typed.words, here.file, linked, likely))

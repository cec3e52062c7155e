"""`/tot koble`: what the case belongs together with."""

from __future__ import annotations

from bot.usecases.link_cases import see_linkable
from handlers.blocks.modals.links import link_menu, menu_choices
from handlers.commands.likely import named
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form that shows what is linked and asks what to do."""
    here, linked = await typed.look(lambda uow, actor: see_linkable(uow, actor, typed.channel))
    likely = named(typed.rest, dict(menu_choices(typed.words, here.file)))
    await typed.open(link_menu(typed.words, here.file, linked, likely))

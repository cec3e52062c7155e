"""`/tot vara`: name a deputy for a meeting."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.name_deputy import see_nameable, see_naming
from handlers.blocks.modals.deputies import choose_ask, deputy_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form; of several meetings, one is chosen first."""
    found = await typed.look(lambda uow, actor: see_nameable(uow, actor, typed.channel))
    if len(found) > 1:
        await typed.open(choose_ask(typed.words, found))
        return
    only = found[0][1].id
    file, ask, deputies = await typed.look(lambda uow, actor: see_naming(uow, actor, only))
    if not deputies:
        raise NobodyToAsk
    await typed.open(deputy_form(typed.words, file, ask, deputies))

"""`/tot overlever`: hand a seat in a case over for good."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.hand_over import see_seats, see_successors
from handlers.blocks.modals.deputies import choose_seat, handover_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form; of several seats, one is chosen first."""
    found = await typed.look(lambda uow, actor: see_seats(uow, actor, typed.channel))
    if len(found) > 1:
        await typed.open(choose_seat(typed.words, found))
        return
    only = found[0][1].id
    file, seat, contacts = await typed.look(lambda uow, actor: see_successors(uow, actor, only))
    if not contacts:
        raise NobodyToAsk
    await typed.open(handover_form(typed.words, file, seat, contacts))

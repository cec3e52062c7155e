"""`/tot vara`, `/tot overlever`: name a deputy for a meeting; hand a seat over for good."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.deputies.hand_over import see_seats, see_successors
from bot.usecases.deputies.naming import see_nameable, see_naming
from handlers.deputies.modals import choose_ask, choose_seat, deputy_form, handover_form
from handlers.slack.requests import Typed


async def name_deputy(typed: Typed) -> None:
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


async def hand_over(typed: Typed) -> None:
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

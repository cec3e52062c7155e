"""`/tot vara`, `/tot overlever`: name a deputy for a meeting; hand a seat over for good."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.deputies.hand_over import see_seats, see_successors
from bot.usecases.deputies.naming import see_nameable, see_naming
from handlers.blocks.modal import View
from handlers.deputies.modals import choose_ask, choose_seat, deputy_form, handover_form
from handlers.slack.requests import CommandRequest, Request


async def naming_view(request: Request, ask_id: str) -> View:
    """The form that names a deputy."""
    file, ask, deputies = await request.look(see_naming, ask_id)
    if not deputies:
        raise NobodyToAsk
    return deputy_form(request.words, file, ask, deputies)


async def handover_view(request: Request, seat_id: str) -> View:
    """The form that hands a seat over; raises as `naming_view`."""
    file, seat, contacts = await request.look(see_successors, seat_id)
    if not contacts:
        raise NobodyToAsk
    return handover_form(request.words, file, seat, contacts)


async def name_deputy(request: CommandRequest) -> None:
    """Name a deputy for a meeting; a coordinator does it in the room.

    Of several meetings, one is chosen first.
    """
    found = await request.look(see_nameable, request.channel)
    if len(found) > 1:
        await request.open(choose_ask(request.words, found))
        return
    await request.open(await naming_view(request, found[0][1].id))


async def hand_over(request: CommandRequest) -> None:
    """Hand a seat over for good; a coordinator does it in the room.

    Of several seats, one is chosen first.
    """
    found = await request.look(see_seats, request.channel)
    if len(found) > 1:
        await request.open(choose_seat(request.words, found))
        return
    await request.open(await handover_view(request, found[0][1].id))

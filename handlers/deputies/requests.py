"""`/tot vara`, `/tot overlever`: name a deputy for a meeting; hand a seat over for good."""

from __future__ import annotations

from bot.usecases.deputies.hand_over import see_seats, see_successors
from bot.usecases.deputies.naming import see_nameable, see_naming
from handlers.deputies.modals import choose_ask, choose_seat, deputy_form, handover_form
from handlers.slack.requests import CommandRequest, SubmissionRequest
from handlers.slack.verbs import drawn


async def name_deputy(request: CommandRequest) -> None:
    """Name a deputy for a meeting; a coordinator does it in the room.

    Of several meetings, one is chosen first.
    """
    found = await request.look(see_nameable, request.channel)
    if len(found) > 1:
        await request.open(choose_ask(request.words, found))
        return
    await request.open(await drawn(request, see_naming, deputy_form, found[0][1].id))


async def chosen_ask(request: SubmissionRequest) -> None:
    await request.replace(await drawn(request, see_naming, deputy_form, request.fields.needed("ask")))


async def hand_over(request: CommandRequest) -> None:
    """Hand a seat over for good; a coordinator does it in the room.

    Of several seats, one is chosen first.
    """
    found = await request.look(see_seats, request.channel)
    if len(found) > 1:
        await request.open(choose_seat(request.words, found))
        return
    await request.open(await drawn(request, see_successors, handover_form, found[0][1].id))


async def chosen_seat(request: SubmissionRequest) -> None:
    await request.replace(await drawn(request, see_successors, handover_form, request.fields.needed("seat")))

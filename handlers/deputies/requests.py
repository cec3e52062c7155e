"""`/tot vara`, `/tot overlever`: name a deputy for a meeting; hand a seat over for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.usecases.deputies import see_nameable, see_naming, see_seats, see_successors
from handlers.deputies.modals import choose_ask, choose_seat, deputy_form, handover_form
from handlers.slack.requests import CommandRequest, SubmissionRequest
from handlers.slack.verbs import Drawing, UseCase, drawn


async def name_deputy(request: CommandRequest) -> None:
    """Name a deputy for a meeting; a coordinator does it in the room.

    Of several meetings, one is chosen first.
    """
    found = await request.look(see_nameable, request.channel)
    await _open(request, found, choose_ask, see_naming, deputy_form)


async def chosen_ask(request: SubmissionRequest) -> None:
    await request.replace(await drawn(request, see_naming, deputy_form, request.fields.needed("ask")))


async def hand_over(request: CommandRequest) -> None:
    """Hand a seat over for good; a coordinator does it in the room.

    Of several seats, one is chosen first.
    """
    found = await request.look(see_seats, request.channel)
    await _open(request, found, choose_seat, see_successors, handover_form)


async def chosen_seat(request: SubmissionRequest) -> None:
    await request.replace(await drawn(request, see_successors, handover_form, request.fields.needed("seat")))


async def _open(
    request: CommandRequest, found: Sequence[Any], choose: Drawing, see: UseCase, draw: Drawing
) -> None:
    """Open the form of the one that was found, or of several the form in which one is chosen."""
    several = len(found) > 1
    view = choose(request.words, found) if several else await drawn(request, see, draw, found[0][1].id)
    await request.open(view)

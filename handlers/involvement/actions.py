"""Buttons of taushetsplikt and of an agency's part."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge, see_colleagues, see_recordable
from bot.usecases.involvement.agencies import see_involvement
from bot.usecases.room.membership import AnswerLeft, answer_left
from handlers.involvement.modals import (
    invite_form,
    involvement_form,
    pass_on_form,
    record_acknowledgement_form,
    release_form,
)
from handlers.slack.names import names_of
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest


async def confirm_confidentiality(request: ActionRequest) -> None:
    """Confirm taushetsplikt: «Jeg bekrefter taushetsplikten»."""
    await request.act(acknowledge, Acknowledge(request.value))


async def send_on(request: ActionRequest) -> None:
    """Open the form that says no before anything is confirmed, or asks a colleague instead: «Kan ikke»."""
    file, seat, colleagues = await request.look(see_colleagues, request.value)
    may_decline = bool(file.asks_of_seat(seat))
    if not colleagues and not may_decline:
        raise NobodyToAsk
    names = await names_of(request, [file.persons[c.person_id] for c in colleagues])
    await request.open(pass_on_form(request.words, file, seat, colleagues, names, may_decline=may_decline))


async def part_is_over(request: ActionRequest) -> None:
    """My part is over, says whoever left the room."""
    await request.act(answer_left, AnswerLeft(request.value, stays=False))


async def stays(request: ActionRequest) -> None:
    """Bring me back into the room, says whoever left it."""
    await request.act(answer_left, AnswerLeft(request.value, stays=True))


async def record_acknowledgement(request: ActionRequest) -> None:
    """Open the form that records that somebody has confirmed taushetsplikt to the coordinator."""
    file, seat = await request.look(see_recordable, request.value)
    await request.open(record_acknowledgement_form(request.words, file, seat))


async def involvement(request: ActionRequest) -> None:
    """Change an agency's part, end it, or ask an expected one."""
    verb, _, involvement_id = request.value.partition(":")
    here, part = await request.look(see_involvement, involvement_id)
    words, file = request.words, here.file
    match verb:
        case "change":
            view = involvement_form(words, file, part)
        case "release":
            view = release_form(words, file, [part])
        case "ask":
            view = invite_form(words, file, [file.agencies[part.agency_id]], part.agency_id, part.persons)
        case _:
            raise Unreadable
    await request.open(view)

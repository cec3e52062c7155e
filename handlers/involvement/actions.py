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
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest


async def confirm_confidentiality(request: ActionRequest) -> None:
    """Confirm taushetsplikt: «Jeg bekrefter taushetsplikten»."""
    await request.act(acknowledge, Acknowledge(request.value))


async def send_on(request: ActionRequest) -> None:
    """Open the form that passes the question on to a colleague: «Send videre»."""
    file, colleagues = await request.look(see_colleagues, request.value)
    if not colleagues:
        raise NobodyToAsk
    await request.open(pass_on_form(request.words, file, request.value, colleagues))


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

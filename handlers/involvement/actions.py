"""Buttons of taushetsplikt and of an agency's part."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge, see_colleagues, see_recordable
from bot.usecases.involvement.agencies import see_involvement
from bot.usecases.room import AnswerLeft, answer_left
from handlers.involvement.modals import (
    invite_form,
    involvement_form,
    pass_on_form,
    record_acknowledgement_form,
    release_form,
)
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import Pressed


async def confirm_confidentiality(pressed: Pressed) -> None:
    """«Jeg bekrefter taushetsplikten»."""
    await pressed.act(acknowledge, Acknowledge(pressed.value))


async def send_on(pressed: Pressed) -> None:
    """«Send videre»: opens the form with the colleagues."""
    file, colleagues = await pressed.look(lambda uow, actor: see_colleagues(uow, actor, pressed.value))
    if not colleagues:
        raise NobodyToAsk
    await pressed.open(pass_on_form(pressed.words, file, pressed.value, colleagues))


async def part_is_over(pressed: Pressed) -> None:
    """Who left the room says that the part is over."""
    await pressed.act(answer_left, AnswerLeft(pressed.value, stays=False))


async def stays(pressed: Pressed) -> None:
    """Who left the room wants to be in it."""
    await pressed.act(answer_left, AnswerLeft(pressed.value, stays=True))


async def record_acknowledgement(pressed: Pressed) -> None:
    """Record that somebody outside Slack has confirmed taushetsplikt."""
    file, seat = await pressed.look(lambda uow, actor: see_recordable(uow, actor, pressed.value))
    await pressed.open(record_acknowledgement_form(pressed.words, file, seat))


async def involvement(pressed: Pressed) -> None:
    """The menu beside an agency on the card: change its part, end it, or ask an expected one."""
    verb, _, involvement_id = pressed.value.partition(":")
    here, part = await pressed.look(lambda uow, actor: see_involvement(uow, actor, involvement_id))
    words, file = pressed.words, here.file
    match verb:
        case "change":
            view = involvement_form(words, file, part)
        case "release":
            view = release_form(words, file, [part])
        case "ask":
            view = invite_form(words, file, [file.agencies[part.agency_id]], part.agency_id, part.persons)
        case _:
            raise Unreadable
    await pressed.open(view)

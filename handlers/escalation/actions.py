"""The button of an agency's leader, to whom an unanswered ask has come."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.escalation import see_who_can_come
from handlers.escalation.modals import name_attendee_form
from handlers.slack.requests import Pressed


async def name_attendee(pressed: Pressed) -> None:
    """«Si hvem som kommer»: opens the form."""
    file, step, contacts = await pressed.look(lambda uow, actor: see_who_can_come(uow, actor, pressed.value))
    if not contacts:
        raise NobodyToAsk
    await pressed.open(name_attendee_form(pressed.words, file, step, contacts))

"""The button of an agency's leader, to whom an unanswered ask has come."""

from __future__ import annotations

from bot.domain.errors import NobodyToAsk
from bot.usecases.escalation import see_who_can_come
from handlers.escalation.modals import name_attendee_form
from handlers.slack.requests import ActionRequest


async def name_attendee(request: ActionRequest) -> None:
    """Open the form in which an agency's leader says who comes."""
    file, step, contacts = await request.look(lambda uow, actor: see_who_can_come(uow, actor, request.value))
    if not contacts:
        raise NobodyToAsk
    await request.open(name_attendee_form(request.words, file, step, contacts))

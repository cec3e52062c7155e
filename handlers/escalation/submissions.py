"""The form of an agency's leader."""

from __future__ import annotations

from bot.usecases.escalation import NameAttendee, name_attendee
from handlers.slack.requests import SubmissionRequest


async def attendee(request: SubmissionRequest) -> None:
    """Who comes for the agency."""
    command = NameAttendee(request.metadata, request.fields.needed("attendee"))
    await request.act(name_attendee, command)
    await request.done()

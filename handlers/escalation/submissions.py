"""The form of an agency's leader."""

from __future__ import annotations

from bot.usecases.escalation import NameAttendee, name_attendee
from handlers.slack.requests import Submitted


async def attendee(submitted: Submitted) -> None:
    """Who comes for the agency."""
    command = NameAttendee(submitted.metadata, submitted.fields.needed("attendee"))
    await submitted.act(name_attendee, command)
    await submitted.done()

"""The form that adds persons to a case."""

from __future__ import annotations

from bot.usecases.persons import AddPersons, add_persons
from handlers.slack.requests import SubmissionRequest


async def added(request: SubmissionRequest) -> None:
    """So many more, and which agencies are there for them too."""
    number = request.fields.number("number") or 0
    command = AddPersons(request.metadata, number, request.fields.options("parts"))
    await request.act(add_persons, command)
    await request.done()

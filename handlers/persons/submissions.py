"""The form that adds persons to a case."""

from __future__ import annotations

from bot.usecases.persons import AddPersons, add_persons
from handlers.slack.requests import Submitted


async def added(submitted: Submitted) -> None:
    """So many more, and which agencies are there for them too."""
    number = submitted.fields.number("number") or 0
    command = AddPersons(submitted.metadata, number, submitted.fields.options("parts"))
    await submitted.act(add_persons, command)
    await submitted.done()

"""The forms about the persons of a case: more of them, and closing it for all or for one."""

from __future__ import annotations

from bot.usecases.add_persons import AddPersons, add_persons
from bot.usecases.close_case import CloseCase, close_case
from bot.usecases.close_person import ClosePerson, close_person
from handlers.blocks.modals.case import WHOLE_CASE
from handlers.encounters import Submitted


async def added(submitted: Submitted) -> None:
    """So many more, and which agencies are there for them too."""
    number = submitted.fields.number("number") or 0
    command = AddPersons(submitted.metadata, number, submitted.fields.options("parts"))
    await submitted.act(add_persons, command)
    await submitted.done()


async def close(submitted: Submitted) -> None:
    """Close the whole case, or close it for one person."""
    what = submitted.fields.option("what")
    if what in (None, WHOLE_CASE):
        await submitted.act(close_case, CloseCase(submitted.metadata))
    else:
        await submitted.act(close_person, ClosePerson(submitted.metadata, str(what)))
    await submitted.done()

"""`/tot person`: more persons in the case."""

from __future__ import annotations

from bot.usecases.persons import see_growable
from handlers.persons.modals import add_persons_form
from handlers.slack.requests import Typed


async def add_persons(typed: Typed) -> None:
    """Open the form that adds persons."""
    here = await typed.look(lambda uow, actor: see_growable(uow, actor, typed.channel))
    await typed.open(add_persons_form(typed.words, here.file))

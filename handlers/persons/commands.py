"""`/tot person`: more persons in the case."""

from __future__ import annotations

from bot.usecases.persons import see_growable
from handlers.persons.modals import add_persons_form
from handlers.slack.requests import CommandRequest


async def add_persons(request: CommandRequest) -> None:
    """More persons in the case."""
    here = await request.look(lambda uow, actor: see_growable(uow, actor, request.channel))
    await request.open(add_persons_form(request.words, here.file))

"""A case whose room stands, and one with a deputy: what tests of endings begin with."""

from __future__ import annotations

from bot.domain.case.entities import Answer, Case
from tests.bot.cast import DAY
from tests.bot.usecases.town import Town


async def police_with_deputy(town: Town, *others: str) -> Case:
    """A case in which the officer has sent the sergeant, who comes."""
    case = await town.open("police", *others, after=4 * DAY)
    await town.confirm(case.id, "officer")
    await town.sends_sergeant(case.id)
    await town.answer(case.id, "sergeant", Answer.CONFIRMED)
    return case


async def in_room(town: Town, case_id: str) -> str:
    """Have the room stand in Slack, with everybody in it; its channel."""
    file = await town.file(case_id)
    members = tuple(sorted(file.room_people()))
    await town.run(lambda uow: uow.change(file.room, channel_id="C1", members=members))
    return "C1"

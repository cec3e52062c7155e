"""`/tot oppmøte`: register who came."""

from __future__ import annotations

from bot.usecases.register_attendance import see_attendance
from handlers.blocks.modals.meetings import attendance_form
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form for the oldest meeting that is not registered."""
    here, meeting = await typed.look(lambda uow, actor: see_attendance(uow, actor, typed.channel))
    await typed.open(attendance_form(typed.words, here.file, meeting))

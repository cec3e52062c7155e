"""`/tot oppmøte`: register who came, or put the register right."""

from __future__ import annotations

from bot.usecases.attendance.register import corrections_of, see_attendance
from handlers.attendance.modals import attendance_form, correction_form
from handlers.slack.requests import Typed


async def register_attendance(typed: Typed) -> None:
    """Open the form for the oldest meeting that is not registered; where all are, for the last one."""
    here, meeting = await typed.look(lambda uow, actor: see_attendance(uow, actor, typed.channel))
    if meeting.registered_at is None:
        await typed.open(attendance_form(typed.words, here.file, meeting))
        return
    seen = len(corrections_of(here.file, meeting))
    await typed.open(correction_form(typed.words, here.file, meeting, seen))

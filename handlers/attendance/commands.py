"""`/tot oppmøte`: register who came, or put the register right."""

from __future__ import annotations

from bot.usecases.attendance.register import corrections_of, records_calls, see_attendance
from handlers.attendance.modals import attendance_form, correction_form
from handlers.slack.requests import CommandRequest


async def register_attendance(request: CommandRequest) -> None:
    """Register who came to the oldest meeting that lacks it; where all is registered, correct the last."""
    here, meeting = await request.look(see_attendance, request.channel)
    if meeting.registered_at is None:
        form = attendance_form(request.words, here.file, meeting, request.now, calls=records_calls(here))
        await request.open(form)
        return
    seen = len(corrections_of(here.file, meeting))
    await request.open(correction_form(request.words, here.file, meeting, seen, calls=records_calls(here)))

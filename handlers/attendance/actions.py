"""The buttons of a meeting as it is held, and of its register."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.attendance.absences import see_absence
from bot.usecases.attendance.register import (
    corrections_of,
    records_calls,
    see_meeting_attendance,
    see_registered,
)
from bot.usecases.attendance.roll_call import (
    Arrive,
    PutOnTime,
    arrive,
    put_on_time,
    see_absent,
    see_chairable,
    see_too_few,
)
from handlers.attendance.modals import (
    absence_form,
    arrivals_form,
    attendance_form,
    chair_form,
    correction_form,
    go_on_form,
)
from handlers.meeting.modals import move_form, proposal_of
from handlers.slack.payloads import moment
from handlers.slack.requests import ActionRequest


async def present(request: ActionRequest) -> None:
    """I am here: «Jeg er til stede»."""
    await request.act(arrive, Arrive(request.value))


async def others(request: ActionRequest) -> None:
    """Open the form that notes others who are here and cannot say so themselves."""
    file, meeting, absent = await request.look(see_absent, request.value)
    await request.open(arrivals_form(request.words, file, meeting, absent, request.now))


async def on_time(request: ActionRequest) -> None:
    """Somebody tapped late who was there from the start."""
    meeting_id, _, arrival_id = request.value.partition("|")
    await request.act(put_on_time, PutOnTime(meeting_id, arrival_id))


async def chair(request: ActionRequest) -> None:
    """Open the form that names the chair."""
    here, meeting = await request.look(see_chairable, request.value)
    await request.open(chair_form(request.words, here.file, meeting))


async def go_on(request: ActionRequest) -> None:
    """Open the form that goes on with too few, and asks why."""
    _, meeting = await request.look(see_too_few, request.value, Action.LEAD_MEETING)
    await request.open(go_on_form(request.words, meeting))


async def postpone(request: ActionRequest) -> None:
    """Open the form that moves a meeting with too few to the date chosen."""
    meeting_id, _, mark = request.value.partition("|")
    starts_at = moment(mark)
    here, meeting = await request.look(see_too_few, meeting_id, Action.POSTPONE_MEETING)
    proposal = replace(proposal_of(meeting, meeting.note), starts_at=starts_at)
    await request.open(move_form(request.words, here.file, meeting, proposal, request.now))


async def attendance(request: ActionRequest) -> None:
    """Open the form: who came."""
    here, meeting = await request.look(see_meeting_attendance, request.value)
    form = attendance_form(request.words, here.file, meeting, request.now, calls=records_calls(here))
    await request.open(form)


async def correct(request: ActionRequest) -> None:
    """Open the form that corrects the register."""
    here, meeting = await request.look(see_registered, request.value)
    seen = len(corrections_of(here.file, meeting))
    await request.open(correction_form(request.words, here.file, meeting, seen, calls=records_calls(here)))


async def explain_absence(request: ActionRequest) -> None:
    """Open the form: why nobody came."""
    here, duty = await request.look(see_absence, request.value)
    await request.open(absence_form(request.words, here.file, duty))

"""The forms of a meeting as it is held, and of its register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.access import Action
from bot.domain.case.entities import Attendance, DeclineReason, QuorumReason
from bot.domain.directory.entities import Person
from bot.usecases.attendance.absences import ExplainAbsence, explain_absence
from bot.usecases.attendance.register import (
    CorrectAttendance,
    RegisterAttendance,
    correct_attendance,
    register_attendance,
)
from bot.usecases.attendance.roll_call import (
    ContinueMeeting,
    NameChair,
    RecordArrivals,
    continue_meeting,
    name_chair,
    record_arrivals,
)
from bot.usecases.authorization import enter_meeting
from bot.usecases.ports import UnitOfWork
from handlers.attendance.modals import CALL, NOT_YET, OTHER, WHO
from handlers.meeting import agenda
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import SubmissionRequest

#: The fields of the register that are no duty.
_OTHER_FIELDS = frozenset({"reports", "treated", "reason"})


async def attendance(request: SubmissionRequest) -> None:
    """Register attendance; each field is a duty."""
    meeting_id = request.metadata
    command = RegisterAttendance(
        meeting_id,
        _came(request),
        frozenset(request.fields.options("reports")),
        await _treated(request, Action.REGISTER_ATTENDANCE, meeting_id),
        request.fields.choice("reason", QuorumReason),
        _calls(request),
        _who_came(request),
    )
    await request.act_and_close(register_attendance, command)


async def correction(request: SubmissionRequest) -> None:
    meeting_id, _, seen = request.metadata.partition("|")
    if not seen.isdecimal():
        raise Unreadable
    command = CorrectAttendance(
        meeting_id,
        int(seen),
        _came(request),
        frozenset(request.fields.options("reports")),
        await _treated(request, Action.CORRECT_ATTENDANCE, meeting_id),
        _calls(request),
    )
    await request.act_and_close(correct_attendance, command)


def _came(request: SubmissionRequest) -> dict[str, Attendance]:
    said = {
        name: request.fields.choice(name, Attendance)
        for name in request.inputs
        if name not in _OTHER_FIELDS
        and not name.startswith((CALL, WHO))
        and request.fields.option(name) != NOT_YET
    }
    return {name: how for name, how in said.items() if how is not None}


def _who_came(request: SubmissionRequest) -> dict[str, str | None]:
    """Contacts by duty, None for somebody in no list."""
    names = [name for name in request.inputs if name.startswith(WHO)]
    chosen = {name.removeprefix(WHO): request.fields.option(name) for name in names}
    return {duty: None if who == OTHER else who for duty, who in chosen.items() if who is not None}


def _calls(request: SubmissionRequest) -> dict[str, datetime]:
    """When people were spoken to on the telephone, by ask."""
    names = [name for name in request.inputs if name.startswith(CALL)]
    spoken = {name.removeprefix(CALL): request.fields.moment_or_none(name) for name in names}
    return {ask_id: at for ask_id, at in spoken.items() if at is not None}


async def _treated(request: SubmissionRequest, action: Action, meeting_id: str) -> frozenset[str] | None:
    """The points that were ticked; None where the form had none."""
    if "treated" not in request.inputs:
        return None
    ticked = request.fields.options("treated")
    return await request.look(_points, action, meeting_id, ticked)


def _points(
    uow: UnitOfWork, actor: Person, action: Action, meeting_id: str, ids: Iterable[str]
) -> frozenset[str]:
    here, _ = enter_meeting(uow, actor, action, meeting_id)
    points = (agenda.point_of(here.file, id) for id in ids)
    return frozenset(p for p in points if p is not None)


async def arrivals(request: SubmissionRequest) -> None:
    fields = request.fields
    command = RecordArrivals(request.metadata, fields.options("agencies"), fields.moment("at"))
    await request.act_and_close(record_arrivals, command)


async def chair(request: SubmissionRequest) -> None:
    chosen = request.fields.user("chair")
    if chosen is None:
        raise Unreadable
    await request.act_and_close(name_chair, NameChair(request.metadata, chosen))


async def goes_on(request: SubmissionRequest) -> None:
    reason = member(QuorumReason, request.fields.needed("reason"))
    await request.act_and_close(continue_meeting, ContinueMeeting(request.metadata, reason))


async def absence(request: SubmissionRequest) -> None:
    reason = member(DeclineReason, request.fields.needed("reason"))
    await request.act_and_close(explain_absence, ExplainAbsence(request.metadata, reason))

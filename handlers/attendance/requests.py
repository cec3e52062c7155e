"""Requests about the register: `/tot oppmøte`, its form and correction; a new date when too few came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.access import Action
from bot.domain.case.entities import Attendance, Meeting, QuorumReason
from bot.domain.directory.entities import AgendaPoint, Person
from bot.usecases import attendance
from bot.usecases.authorization import enter
from bot.usecases.ports import UnitOfWork
from handlers.attendance.modals import CALL, NOT_YET, attendance_form, correction_form
from handlers.blocks.inputs import id_of
from handlers.meeting.modals import move_form, proposal_of
from handlers.slack.payloads import Unreadable, moment
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest


async def by_word(request: CommandRequest) -> None:
    """Register who came to the oldest unregistered meeting; if all are registered, correct the last."""
    here, meeting, calls = await request.look(attendance.see_attendance, request.channel)
    if meeting.registered_at is None:
        view = attendance_form(request.words, here.file, meeting, calls, now=request.now)
    else:
        view = correction_form(request.words, here.file, meeting, calls)
    await request.open(view)


async def postpone(request: ActionRequest) -> None:
    """Open the form that moves a meeting with too few people to the chosen date."""
    meeting_id, _, mark = request.value.partition("|")
    starts_at = moment(mark)
    here, meeting = await request.look(attendance.see_too_few, meeting_id, Action.POSTPONE_MEETING)
    proposal = replace(proposal_of(meeting, meeting.note), starts_at=starts_at)
    await request.open(move_form(request.words, here.file, meeting, proposal, request.now))


#: The fields of the register that are not about one duty.
_OTHER_FIELDS = frozenset({"reports", "treated", "reason"})


async def registered(request: SubmissionRequest) -> None:
    """Register attendance; the form has a field for each duty."""
    said = await _said(request, Action.REGISTER_ATTENDANCE, request.metadata)
    await request.act(attendance.register_attendance, said)
    await request.done(request.words("modal.attendance.done"))


async def corrected(request: SubmissionRequest) -> None:
    meeting_id, _, seen = request.metadata.partition("|")
    if not seen.isdecimal():
        raise Unreadable
    said = await _said(request, Action.CORRECT_ATTENDANCE, meeting_id)
    await request.act_and_close(attendance.correct_attendance, said, seen=int(seen))


async def _said(request: SubmissionRequest, action: Action, meeting_id: str) -> attendance.Register:
    """Read the register."""
    return attendance.Register(
        meeting_id,
        _came(request),
        frozenset(request.fields.options("reports")),
        await _treated(request, action, meeting_id),
        request.fields.choice("reason", QuorumReason),
        _calls(request),
    )


def _came(request: SubmissionRequest) -> dict[str, Attendance]:
    said = {
        name: request.fields.choice(name, Attendance)
        for name in request.inputs
        if name not in _OTHER_FIELDS and not name.startswith(CALL) and request.fields.option(name) != NOT_YET
    }
    return {name: how for name, how in said.items() if how is not None}


def _calls(request: SubmissionRequest) -> dict[str, datetime]:
    names = [name for name in request.inputs if name.startswith(CALL)]
    spoken = {name.removeprefix(CALL): request.fields.moment_or_none(name) for name in names}
    return {ask_id: at for ask_id, at in spoken.items() if at is not None}


async def _treated(request: SubmissionRequest, action: Action, meeting_id: str) -> frozenset[str] | None:
    """The points that were ticked; None if the form had no points."""
    if "treated" not in request.inputs:
        return None
    ticked = request.fields.options("treated")
    return await request.look(_points, action, meeting_id, ticked)


def _points(
    uow: UnitOfWork, actor: Person, action: Action, meeting_id: str, ids: tuple[str, ...]
) -> frozenset[str]:
    here, _ = enter(uow, actor, action, Meeting, meeting_id)
    return frozenset(point for point in here.file.team.rules.agenda if id_of(point, AgendaPoint) in ids)

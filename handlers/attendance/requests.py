"""Requests about the register: `/tot oppmøte`, its form and correction; a new date when too few came."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.domain.case.entities import Attendance, Meeting, QuorumReason
from bot.domain.directory.entities import AgendaPoint, Person
from bot.domain.errors import Invalid
from bot.usecases import attendance
from bot.usecases.authorization import enter
from bot.usecases.ports import UnitOfWork
from handlers.answers.calls import of_duties
from handlers.answers.modals import calls_on_top
from handlers.answers.requests import seen
from handlers.attendance.modals import NOT_YET, attendance_form, correction_form
from handlers.blocks.inputs import id_of
from handlers.meeting.modals import move_form, proposal_of
from handlers.slack.payloads import Unreadable, moment
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest


async def by_word(request: CommandRequest) -> None:
    """Register who came to the oldest unregistered meeting; if all are registered, correct the last."""
    here, meeting = await request.look(attendance.see_attendance, request.channel)
    if meeting.registered_at is None:
        view = attendance_form(request.words, here.file(), meeting, now=request.now)
    else:
        view = correction_form(request.words, here.file(), meeting)
    await request.open(view)


async def postpone(request: ActionRequest) -> None:
    """Open the form that moves a meeting with too few people to the chosen date."""
    meeting_id, _, mark = request.value.partition("|")
    starts_at = moment(mark)
    here, meeting = await request.look(attendance.see_too_few, meeting_id, Action.POSTPONE_MEETING)
    proposal = replace(proposal_of(meeting, meeting.note), starts_at=starts_at)
    await request.open(move_form(request.words, here.file(), meeting, proposal, request.now))


#: The fields of the register that are not about one duty.
_OTHER_FIELDS = frozenset({"reports", "treated", "reason"})


async def registered(request: SubmissionRequest) -> None:
    """Register attendance; the form has a field for each duty."""
    said = await _said(request, Action.REGISTER_ATTENDANCE, request.metadata)
    try:
        await request.act(attendance.register_attendance, said)
    except Invalid as wrong:
        await _call_first(request, Action.REGISTER_ATTENDANCE, wrong)
    else:
        await request.done(request.words("modal.attendance.done"))


async def corrected(request: SubmissionRequest) -> None:
    meeting_id, _, seen = request.metadata.partition("|")
    if not seen.isdecimal():
        raise Unreadable
    said = await _said(request, Action.CORRECT_ATTENDANCE, meeting_id)
    try:
        await request.act_and_close(attendance.correct_attendance, said, seen=int(seen))
    except Invalid as wrong:
        await _call_first(request, Action.CORRECT_ATTENDANCE, wrong)


async def _call_first(request: SubmissionRequest, action: Action, wrong: Invalid) -> None:
    """Show, on top of the register, the people of whom nobody has confirmed although their agency came.

    Raises:
        Invalid: something else is wrong, or only another coordinator can record that.
    """
    unconfirmed = [problem.where for problem in wrong.problems if problem.code == attendance.UNCONFIRMED]
    if not unconfirmed:
        raise wrong
    here, _ = await request.look(enter, action, Meeting, request.metadata.partition("|")[0])
    duties = [here.file().duty(id) for id in unconfirmed]
    rows = of_duties(seen(request, here.file()), duties)
    await request.push(calls_on_top(request.words, here.file(), duties, rows))


async def _said(request: SubmissionRequest, action: Action, meeting_id: str) -> attendance.Register:
    """Read the register."""
    return attendance.Register(
        meeting_id,
        _came(request),
        frozenset(request.fields.options("reports")),
        await _treated(request, action, meeting_id),
        request.fields.choice("reason", QuorumReason),
    )


def _came(request: SubmissionRequest) -> dict[str, Attendance]:
    said = {
        name: request.fields.choice(name, Attendance)
        for name in request.inputs
        if name not in _OTHER_FIELDS and request.fields.option(name) != NOT_YET
    }
    return {name: how for name, how in said.items() if how is not None}


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
    return frozenset(point for point in here.file().team.rules.agenda if id_of(point, AgendaPoint) in ids)

"""Requests about the register: `/tot oppmøte`, its form and correction."""

from __future__ import annotations

from bot.domain.case.entities import Attendance, QuorumReason
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import AgendaPoint
from bot.domain.errors import Invalid
from bot.usecases import attendance
from handlers.answers.calls import of_duties
from handlers.answers.modals import calls_on_top
from handlers.answers.requests import seen
from handlers.attendance.modals import NOT_YET, attendance_form
from handlers.blocks.inputs import id_of
from handlers.slack.payloads import asked
from handlers.slack.requests import CommandRequest, SubmissionRequest


async def by_word(request: CommandRequest) -> None:
    """Register who came to the oldest unregistered meeting; if all are registered, correct the last."""
    here, meeting = await request.look(attendance.see_attendance, request.channel)
    await request.open(attendance_form(request.words, here.file(), meeting, now=request.now))


#: The fields of the register that are not about one duty.
_OTHER_FIELDS = frozenset({"reports", "treated", "reason"})


async def registered(request: SubmissionRequest) -> None:
    """Register or correct attendance; the form has a field for each duty."""
    meeting_id, seen = asked(request.metadata)
    here, meeting = await request.look(attendance.see_register, meeting_id)
    came = _came(request)
    agenda, ticked = here.file().team.rules.agenda, request.fields.options("treated")
    try:
        await request.act(
            attendance.register_attendance,
            meeting_id,
            seen,
            attendance=came,
            reports=request.fields.options("reports"),
            treated=[p for p in agenda if id_of(p, AgendaPoint) in ticked],
            quorum_reason=request.fields.get("reason", QuorumReason),
        )
    except Invalid as wrong:
        await _call_first(request, wrong, here.file())
    else:
        entered = all(duty.id in came for duty in here.file().duties_of(meeting.id))
        await request.done(request.words(f"modal.attendance.{'done' if entered else 'so-far'}"))


async def _call_first(request: SubmissionRequest, wrong: Invalid, file: CaseFile) -> None:
    """Show, on top of the register, the people of whom nobody has confirmed although their agency came.

    Raises:
        Invalid: something else is wrong, or only another coordinator can record that.
    """
    unconfirmed = [problem.where for problem in wrong.problems if problem.code == attendance.UNCONFIRMED]
    if not unconfirmed:
        raise wrong
    duties = [file.duty(id) for id in unconfirmed]
    rows = of_duties(seen(request, file), duties)
    await request.push(calls_on_top(request.words, file, duties, rows))


def _came(request: SubmissionRequest) -> dict[str, Attendance]:
    said = {
        name: request.fields.get(name, Attendance)
        for name in request.inputs
        if name not in _OTHER_FIELDS and request.fields.option(name) != NOT_YET
    }
    return {name: how for name, how in said.items() if how is not None}

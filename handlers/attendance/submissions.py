"""The forms of a meeting as it is held, and of its register."""

from __future__ import annotations

from collections.abc import Iterable

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
    GoOn,
    NameChair,
    RecordArrivals,
    go_on,
    name_chair,
    record_arrivals,
)
from bot.usecases.authorization import enter_meeting
from bot.usecases.ports import UnitOfWork
from handlers.meeting import agenda
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import Submitted

#: The fields of the register that are no duty.
_OTHER_FIELDS = frozenset({"reports", "treated", "reason"})


async def attendance(submitted: Submitted) -> None:
    """Who came; each field is a duty."""
    meeting_id = submitted.metadata
    command = RegisterAttendance(
        meeting_id,
        _came(submitted),
        frozenset(submitted.fields.options("reports")),
        await _treated(submitted, Action.REGISTER_ATTENDANCE, meeting_id),
        submitted.fields.choice("reason", QuorumReason),
    )
    await submitted.act(register_attendance, command)
    await submitted.done()


async def correction(submitted: Submitted) -> None:
    """The register put right."""
    meeting_id, _, seen = submitted.metadata.partition("|")
    if not seen.isdecimal():
        raise Unreadable
    command = CorrectAttendance(
        meeting_id,
        int(seen),
        _came(submitted),
        frozenset(submitted.fields.options("reports")),
        await _treated(submitted, Action.CORRECT_ATTENDANCE, meeting_id),
    )
    await submitted.act(correct_attendance, command)
    await submitted.done()


def _came(submitted: Submitted) -> dict[str, Attendance]:
    said = {
        name: submitted.fields.choice(name, Attendance)
        for name in submitted.inputs
        if name not in _OTHER_FIELDS
    }
    return {name: how for name, how in said.items() if how is not None}


async def _treated(submitted: Submitted, action: Action, meeting_id: str) -> frozenset[str] | None:
    """The points that were ticked; None where the form had none."""
    if "treated" not in submitted.inputs:
        return None
    ticked = submitted.fields.options("treated")
    return await submitted.look(lambda uow, actor: _points(uow, actor, action, meeting_id, ticked))


def _points(
    uow: UnitOfWork, actor: Person, action: Action, meeting_id: str, ids: Iterable[str]
) -> frozenset[str]:
    here, _ = enter_meeting(uow, actor, action, meeting_id)
    points = (agenda.point_of(here.file, id) for id in ids)
    return frozenset(p for p in points if p is not None)


async def arrivals(submitted: Submitted) -> None:
    """Agencies that have come."""
    fields = submitted.fields
    command = RecordArrivals(submitted.metadata, fields.options("agencies"), fields.moment("at"))
    await submitted.act(record_arrivals, command)
    await submitted.done()


async def chair(submitted: Submitted) -> None:
    """Who leads the meeting."""
    chosen = submitted.fields.user("chair")
    if chosen is None:
        raise Unreadable
    await submitted.act(name_chair, NameChair(submitted.metadata, chosen))
    await submitted.done()


async def goes_on(submitted: Submitted) -> None:
    """Why the meeting goes on with too few."""
    reason = member(QuorumReason, submitted.fields.needed("reason"))
    await submitted.act(go_on, GoOn(submitted.metadata, reason))
    await submitted.done()


async def absence(submitted: Submitted) -> None:
    """Why nobody came."""
    reason = member(DeclineReason, submitted.fields.needed("reason"))
    await submitted.act(explain_absence, ExplainAbsence(submitted.metadata, reason))
    await submitted.done()

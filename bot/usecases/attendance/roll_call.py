"""The meeting as it is held: who is there, who leads it, whether to go on."""

from __future__ import annotations

from datetime import datetime

from bot.domain import attendance
from bot.domain.access import Action
from bot.domain.case.entities import Arrival, Attendance, Duty, Meeting, QuorumReason
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, MeetingOver, NoLongerAsked, NotAllowed, NothingHere, Overtaken, Problem
from bot.usecases.authorization import CaseContext, enter_meeting
from bot.usecases.meeting import chosen_chair
from bot.usecases.ports import UnitOfWork


def arrive(uow: UnitOfWork, actor: Person, meeting_id: str) -> None:
    """Note that one is present, for each agency for which one is in the room: «Jeg er til stede».

    Twice is once.
    """
    here, meeting = see_held(uow, actor, meeting_id, Action.ARRIVE)
    if meeting.ends_at <= uow.now:
        raise MeetingOver
    file = here.file
    duties: list[Duty | None] = [*attendance.duties_of_person(file, meeting, actor.id)] or [None]
    there = {a.duty_id for a in attendance.arrivals_of(file, meeting) if a.person_id == actor.id}
    for duty in duties:
        if (duty and duty.id) not in there:
            _add_arrival(here, meeting, duty, actor.id, uow.now)


def _add_arrival(
    here: CaseContext,
    meeting: Meeting,
    duty: Duty | None,
    person_id: str | None,
    at: datetime,
    recorded_by: str | None = None,
) -> None:
    """Note that somebody is there; in a register that is filled in already the agency has come by it."""
    uow, file = here.uow, here.file
    new = (uow.ids.new(), meeting.case_id, meeting.id, person_id, at)
    arrival = Arrival(*new, duty.id if duty is not None else None, recorded_by)
    uow.add(arrival)
    begun = any(d.attendance is not None for d in file.duties_of(meeting.id))
    if duty is not None and begun and duty.attendance not in attendance.CAME:
        came = attendance.arrived_as(file, meeting, duty, arrival)
        uow.change(duty, attendance=came, written_report=False)


def see_held(uow: UnitOfWork, actor: Person, meeting_id: str, action: Action) -> tuple[CaseContext, Meeting]:
    """A meeting that has begun, to whoever may do `action` with it."""
    here, meeting = enter_meeting(uow, actor, action, meeting_id)
    if not meeting.live or meeting.starts_at > uow.now:
        raise NoLongerAsked
    return here, meeting


def see_absent(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[CaseFile, Meeting, list[Duty]]:
    here, meeting = see_held(uow, actor, meeting_id, Action.REGISTER_ATTENDANCE)
    absent = attendance.absent_duties(here.file, meeting)
    if not absent:
        raise NothingHere(what="absent")
    return here.file, meeting, absent


def record_arrivals(
    uow: UnitOfWork, actor: Person, meeting_id: str, *, agencies: tuple[str, ...], at: datetime
) -> None:
    """Note that agencies (by duty id) have come: those not on Slack, those reached by the coordinator, the
    forgetful.
    """
    here, meeting = see_held(uow, actor, meeting_id, Action.REGISTER_ATTENDANCE)
    file = here.file
    if not agencies:
        raise Invalid(Problem("agencies", "invalid.no-arrival"))
    if not {d.id for d in file.duties_of(meeting.id)}.issuperset(agencies):
        raise NotAllowed
    if at > uow.now or at > meeting.ends_at:
        raise Invalid(Problem("at", "invalid.arrival-ahead"))
    unconfirmed = [d for d in map(file.duty, agencies) if attendance.is_unconfirmed(file, d)]
    if unconfirmed:
        names = ", ".join(file.agency_of(d.involvement_id).shown_name for d in unconfirmed)
        raise Invalid(Problem("agencies", "invalid.arrival-unconfirmed", {"agencies": names}))
    came = attendance.first_arrivals(file, meeting)
    for duty in (file.duty(id) for id in dict.fromkeys(agencies) if id not in came):
        person_id = attendance.expected_person(file, duty)
        _add_arrival(here, meeting, duty, person_id, max(at, meeting.starts_at), actor.id)


def put_on_time(uow: UnitOfWork, actor: Person, meeting_id: str, arrival_id: str) -> None:
    """Put right that somebody tapped late who was there from the start. Twice is once."""
    here, meeting = see_held(uow, actor, meeting_id, Action.REGISTER_ATTENDANCE)
    arrivals = attendance.arrivals_of(here.file, meeting)
    arrival = next((a for a in arrivals if a.id == arrival_id), None)
    if arrival is None:
        raise NoLongerAsked
    if attendance.is_late(here.file, meeting, arrival):
        uow.change(arrival, at=meeting.starts_at, recorded_by=actor.id)
        duty = here.file.duty(arrival.duty_id) if arrival.duty_id is not None else None
        if duty is not None and duty.attendance is Attendance.LATE:
            uow.change(duty, attendance=Attendance.PRESENT)


def name_chair(uow: UnitOfWork, actor: Person, meeting_id: str, *, chair: str) -> None:
    """Name who leads the meeting (by Slack id): somebody who is in the room."""
    here, meeting = see_chairable(uow, actor, meeting_id)
    uow.change(meeting, chair=chosen_chair(uow, here.file, meeting, chair))


def see_chairable(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[CaseContext, Meeting]:
    here, meeting = enter_meeting(uow, actor, Action.NAME_CHAIR, meeting_id)
    if not meeting.live:
        raise NoLongerAsked
    return here, meeting


def see_too_few(
    uow: UnitOfWork, actor: Person, meeting_id: str, action: Action
) -> tuple[CaseContext, Meeting]:
    """A meeting to which too few have come, and of which nobody has said yet how it goes on."""
    here, meeting = see_held(uow, actor, meeting_id, action)
    if meeting.quorum_reason is not None:
        raise Overtaken(by=meeting.quorum_by or "")
    if attendance.lack_now(here.file, meeting) is None:
        raise NoLongerAsked
    return here, meeting


def continue_meeting(uow: UnitOfWork, actor: Person, meeting_id: str, *, reason: QuorumReason) -> None:
    """Go on with too few, for a reason that is kept."""
    _, meeting = see_too_few(uow, actor, meeting_id, Action.LEAD_MEETING)
    uow.change(meeting, quorum_reason=reason, quorum_at=uow.now, quorum_by=actor.id)

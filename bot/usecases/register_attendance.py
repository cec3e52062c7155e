"""Register who came to a meeting; deputies' seats end with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case import Attendance, Meeting, SeatEnd, SeatRole
from bot.domain.directory import Person
from bot.domain.errors import Invalid, NoLongerAsked, NothingHere, Overtaken, Problem
from bot.domain.intents import Intent, Kind
from bot.usecases.consequences import about_posted, of_meeting, settle
from bot.usecases.door import Here, enter_meeting, enter_room
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class RegisterAttendance:
    """For each duty (by id) of the meeting: who came."""

    meeting_id: str
    attendance: Mapping[str, Attendance]


def see_attendance(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[Here, Meeting]:
    """The meeting to register: the oldest that is over and unregistered, else the one that has begun.

    Raises:
        NothingHere: no meeting has begun.
    """
    here = enter_room(uow, actor, Action.REGISTER_ATTENDANCE, channel_id)
    begun = sorted(
        (m for m in here.file.meetings if m.live and m.starts_at <= uow.now), key=lambda m: m.starts_at
    )
    if not begun:
        raise NothingHere(what="begun")
    return here, begun[0]


def see_meeting_attendance(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[Here, Meeting]:
    """The same for one named meeting."""
    here, meeting = enter_meeting(uow, actor, Action.REGISTER_ATTENDANCE, meeting_id)
    if meeting.registered_at is not None:
        registered_by = [d.registered_by for d in here.file.duties_of(meeting.id) if d.registered_by]
        raise Overtaken(by=registered_by[0] if registered_by else "")
    if not meeting.live or meeting.starts_at > uow.now:
        raise NoLongerAsked
    return here, meeting


def register_attendance(uow: UnitOfWork, actor: Person, command: RegisterAttendance) -> None:
    """Record for every agency with a duty whether it was present, sent a deputy, or was absent.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        NoLongerAsked: the meeting has not begun, or is called off.
        Overtaken: it is registered already.
        Invalid: an agency is left out.
    """
    here, meeting = see_meeting_attendance(uow, actor, command.meeting_id)
    file = here.file
    duties = file.duties_of(meeting.id)
    missing = [d for d in duties if d.id not in command.attendance]
    if missing:
        raise Invalid(*(Problem(d.id, "invalid.attendance") for d in missing))
    for duty in duties:
        uow.change(duty, attendance=command.attendance[duty.id], registered_by=actor.id)
    uow.change(meeting, registered_at=uow.now)
    deputies = set()
    for seat in file.seats:
        if seat.role is SeatRole.DEPUTY and seat.meeting_id == meeting.id and seat.live:
            uow.change(seat, ended_at=uow.now, end=SeatEnd.MEETING_REGISTERED)
            deputies.add((seat.person_id, seat.involvement_id))
    fresh = here.again().file
    intents: list[Intent] = []
    for person_id, involvement_id in sorted(deputies, key=str):
        intents.extend(about_posted(uow, fresh, person_id=person_id))
        if involvement_id is not None and fresh.reached_directly(person_id, involvement_id):
            intents.append(Intent(Kind.PART_OVER, involvement_id, case_id=fresh.case.id, recipient=person_id))
    settle(
        uow,
        fresh.case.id,
        *about_posted(uow, fresh, subjects=of_meeting(fresh, meeting.id)),
        *intents,
    )

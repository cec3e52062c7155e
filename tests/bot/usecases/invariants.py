"""Who belongs in a room, told from the rows of a case by none of the functions under test."""

from __future__ import annotations

from bot.domain.case.entities import Meeting, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import SHELTERING


def entitled(file: CaseFile) -> set[str]:
    """The room's people by the words of the access table, independently of the code under test."""
    if file.case.purged_at is not None:
        return set()
    can_be_there = {p.id for p in file.persons.values() if p.slack_id is not None and not p.deactivated}
    coordinators = {c.person_id for c in file.coordinators if c.until is None}
    parts = {
        i.id
        for i in file.involvements
        if i.ended_at is None
        and file.case.closed_at is None
        and file.agencies[i.agency_id].kind not in SHELTERING
    }
    meetings = {m.id for m in file.meetings if _may_run(m)}
    people = set()
    for seat in file.seats:
        if seat.ended_at is not None or seat.acknowledged_at is None:
            continue
        as_coordinator = seat.role is SeatRole.COORDINATOR and seat.person_id in coordinators
        as_holder = seat.role is SeatRole.AGENCY and seat.involvement_id in parts
        as_deputy = (
            seat.role is SeatRole.DEPUTY and seat.involvement_id in parts and seat.meeting_id in meetings
        )
        as_liaison = seat.role is SeatRole.LIAISON and file.case.closed_at is None
        if as_coordinator or as_holder or as_deputy or as_liaison:
            people.add(seat.person_id)
    return people & can_be_there


def _may_run(held: Meeting) -> bool:
    """Registered before its end a meeting runs on, and its deputies are in the room until it is over."""
    return held.cancelled_at is None and (held.registered_at is None or held.registered_at < held.ends_at)

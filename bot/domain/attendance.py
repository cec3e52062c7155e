"""The roll call, the quorum, the register, and the follow-up after a meeting. Derived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.answers import DutyState, is_there, standing_at
from bot.domain.case.entities import (
    Answer,
    Arrival,
    Attendance,
    Correction,
    Duty,
    Meeting,
    SeatEnd,
    SeatRole,
)
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import in_charge


def chair_of(file: CaseFile, meeting: Meeting) -> str | None:
    """Return the chair: the person named, otherwise the coordinator who has the case."""
    return named_chair(file, meeting) or in_charge(file)


def named_chair(file: CaseFile, meeting: Meeting) -> str | None:
    """Return the person named to lead, unless they cannot come or are out of the case.

    Of a registered meeting it is who led it (`take_effect`), also if they have left since.
    """
    named = meeting.chair
    if named is None or meeting.registered_at is not None:
        return named
    return named if may_lead(file, meeting, named) else None


def may_lead(file: CaseFile, meeting: Meeting, person_id: str) -> bool:
    """Return whether a person may lead: everybody in the room may, a deputy at their meeting.

    Not whoever has declined for each agency they are asked for, and has not come.
    """
    seats = (seat for seat in file.seats_of(person_id) if file.opens_room(seat))
    inside = any(seat.meeting_id in (None, meeting.id) for seat in seats)
    asks = [a for d in file.duties_of(meeting.id) for a in file.asks_of(d.id) if a.person_id == person_id]
    came = any(a.person_id == person_id for a in arrivals_of(file, meeting))
    return inside and (came or not asks or any(a.answer is not Answer.DECLINED for a in asks))


def arrivals_of(file: CaseFile, meeting: Meeting) -> list[Arrival]:
    """Return the arrivals at a meeting, in order."""
    return sorted((a for a in file.arrivals if a.meeting_id == meeting.id), key=lambda a: (a.at, a.id))


def first_arrival(file: CaseFile, duty: Duty) -> Arrival | None:
    return next((a for a in arrivals_of(file, file.meeting(duty.meeting_id)) if a.duty_id == duty.id), None)


def late_from(file: CaseFile, meeting: Meeting) -> datetime:
    """Return the instant from which a lack of quorum counts."""
    return meeting.starts_at + timedelta(minutes=file.team.rules.late_grace)


def duties_of_person(file: CaseFile, meeting: Meeting, person_id: str) -> list[Duty]:
    """Return the duties that a person meets by attending: those of agencies for which they have a seat.

    Of several, not one for which they have declined: a deputy may come for that agency.
    """
    parts = {
        s.involvement_id
        for s in file.seats_of(person_id)
        if file.opens_room(s) and s.involvement_id is not None and s.meeting_id in (None, meeting.id)
    }
    theirs = [d for d in file.duties_of(meeting.id) if d.involvement_id in parts]
    declined = {a.duty_id for a in file.asks if a.live and a.answer is Answer.DECLINED}
    return [d for d in theirs if d.id not in declined] or theirs


def is_unconfirmed(file: CaseFile, duty: Duty) -> bool:
    """Return whether nobody of an agency has confirmed taushetsplikt, in Slack, on the phone or otherwise."""
    return not any(a.duty_id == duty.id for a in file.phone_answers) and not any(
        s.acknowledged_at is not None
        and s.involvement_id == duty.involvement_id
        and s.meeting_id in (None, duty.meeting_id)
        for s in file.seats
    )


def absent_duties(file: CaseFile, meeting: Meeting) -> list[Duty]:
    return [d for d in file.duties_of(meeting.id) if not is_there(file, d)]


def enough(file: CaseFile, parts: Iterable[str]) -> bool:
    """Return whether the quorum is reached if the agencies of these involvements (by id) are present."""
    return file.team.rules.quorum.reached([file.agency_of(part).kind for part in parts])


def quorum_reachable(file: CaseFile, meeting_id: str) -> bool:
    """Return whether the quorum is met if all agencies that have not declined come."""
    possible = (d for d in file.duties_of(meeting_id) if not standing_at(file, d).state.lost)
    return enough(file, (d.involvement_id for d in possible))


def too_few(file: CaseFile, meeting: Meeting) -> bool:
    """Return whether too few have come (so far). A meeting without a duty to attend lacks nobody."""
    duties = file.duties_of(meeting.id)
    return bool(duties) and not enough(file, (d.involvement_id for d in duties if is_there(file, d)))


def asks_chair(file: CaseFile, meeting: Meeting, now: datetime) -> bool:
    """Return whether the chair of a live meeting has to decide how to go on: too few have tapped so far.

    Only a meeting with a link asks: where people sit together, nobody has to tap.
    """
    return (
        meeting.link is not None
        and meeting.quorum_reason is None
        and not file.filled_in(meeting)
        and late_from(file, meeting) <= now < meeting.ends_at
        and too_few(file, meeting)
    )


def treated(file: CaseFile, meeting: Meeting) -> list[str]:
    """Return the treated points: those of the agenda in its order, then points no longer on it."""
    agenda = file.team.rules.agenda
    return [*(p for p in agenda if p in meeting.treated), *(p for p in meeting.treated if p not in agenda)]


def untreated(file: CaseFile, meeting: Meeting) -> list[str]:
    return [p for p in file.team.rules.agenda if p not in meeting.treated]


def corrections_of(file: CaseFile, meeting: Meeting) -> list[Correction]:
    """Return the corrections of a meeting's register, oldest first."""
    duties = {d.id for d in file.duties if d.meeting_id == meeting.id}
    return sorted((c for c in file.corrections if c.duty_id in duties), key=lambda c: (c.corrected_at, c.id))


def version_of(file: CaseFile, meeting: Meeting) -> int:
    """Return how often a register has taken effect or been corrected: 0 until it has taken effect."""
    return len(corrections_of(file, meeting)) + (meeting.registered_at is not None)


def likely_attendance(file: CaseFile, meeting: Meeting, duty: Duty) -> Attendance | None:
    """Return an agency's entry in the register, filled in or as it follows; None if it has to be asked.

    It follows from an arrival, from a forfall, and from the fact that nobody was reached. It does not follow
    from a promise to come: neither presence nor absence is guessed.
    """
    heard_since = duty.attendance is Attendance.NOT_REACHED and was_reached(file, duty)
    if meeting.registered_at is not None or (duty.attendance is not None and not heard_since):
        return duty.attendance
    arrival = first_arrival(file, duty)
    if arrival is not None:
        return arrived_as(file, duty, arrival.person_id)
    if standing_at(file, duty).state is DutyState.DECLINED:
        return Attendance.ABSENT_WITH_NOTICE
    return None if was_reached(file, duty) else Attendance.NOT_REACHED


def arrived_as(file: CaseFile, duty: Duty, person_id: str) -> Attendance:
    """Return an agency's entry after somebody's arrival: there from the start, whenever they tapped.

    A deputy is whoever was asked as one, and has no seat of their own for the agency.
    """
    deputised = any(a.person_id == person_id and a.deputy_for is not None for a in file.asks_of(duty.id))
    seated = any(
        s.role is SeatRole.AGENCY and s.involvement_id == duty.involvement_id
        for s in file.seats_of(person_id)
    )
    return Attendance.DEPUTY_PRESENT if deputised and not seated else Attendance.PRESENT


def was_reached(file: CaseFile, duty: Duty) -> bool:
    """Return whether anybody of the agency is known to have heard of the meeting as it was held.

    They have answered, were told by the coordinator, said who comes, or passed the ask on; or they have
    confirmed taushetsplikt, and could read the summons. A sent message alone does not show that it was seen.
    """
    meeting, part = file.meeting(duty.meeting_id), duty.involvement_id
    held = meeting.sequence
    if any((a.duty_id, a.sequence) == (duty.id, held) for a in file.phone_answers):
        return True
    asks = [a for a in file.asks if a.duty_id == duty.id and a.sequence == held]
    if any(a.answer is not None or a.first_answered_at is not None or a.told_via is not None for a in asks):
        return True
    if any(s.duty_id == duty.id and s.sequence == held and s.answered_at is not None for s in file.steps):
        return True
    for seat in (s for s in file.seats if s.involvement_id == part and s.meeting_id in (None, meeting.id)):
        if seat.end is SeatEnd.PASSED_ON and seat.ended_at is not None and seat.ended_at >= meeting.called_at:
            return True
        spoken_with = seat.acknowledged_at is not None and seat.acknowledged_at >= meeting.called_at
        if seat.confirmed and (spoken_with or file.reaches(seat)):
            return True
    return False


def unexplained(file: CaseFile, meeting: Meeting) -> list[Duty]:
    """Return the absences from a registered meeting whose reason an agency in the case owes."""
    away = Attendance.ABSENT_WITHOUT_NOTICE
    duties = (d for d in file.duties_of(meeting.id) if d.attendance is away and d.absence_reason is None)
    return [d for d in duties if file.involvement(d.involvement_id).live]


def absences_asked(file: CaseFile, person_id: str) -> list[Duty]:
    """Return the absences whose reason is awaited from a person, as their agency's lead."""
    over = (m for m in file.meetings if file.open and m.registered_at is not None)
    awaited = (duty for m in over for duty in unexplained(file, m))
    return [duty for duty in awaited if asked_why(file, duty) == person_id]


def asked_why(file: CaseFile, duty: Duty) -> str | None:
    """Return the person whom the bot asks why nobody came: the agency's lead, if it may write to them."""
    lead = file.lead(duty.involvement_id)
    return lead.person_id if lead is not None and file.reaches(lead) else None


def leaders_to_tell(file: CaseFile, duty: Duty) -> list[str]:
    """Return the ids of an agency's leaders whom the bot tells that nobody came; its lead is asked why."""
    lead = file.lead(duty.involvement_id)
    leaders = file.leaders_reached(duty.involvement_id)
    return [person_id for person_id in leaders if lead is None or lead.person_id != person_id]

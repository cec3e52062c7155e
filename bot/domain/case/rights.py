"""A person's rights in a case, as the union of all that the person is in it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action, Right
from bot.domain.case.entities import Meeting, Seat, SeatRole
from bot.domain.case.file import CaseFile

#: What a seat is worth whose person has confirmed taushetsplikt; a coordinator's is told by its own rule.
_OF_ROLE: Mapping[SeatRole, Right] = {
    SeatRole.AGENCY: Right.SEAT_HOLDER,
    SeatRole.DEPUTY: Right.DEPUTY,
    SeatRole.LIAISON: Right.LIAISON,
}


def rights_in_case(
    file: CaseFile,
    person_id: str,
    *,
    subject_owner: str | None = None,
    subject_live: bool = True,
    meeting: Meeting | None = None,
    own_part: str | None = None,
) -> frozenset[Right]:
    """`subject_owner` is the person id that an ask or a seat belongs to; OWN is given to that person
    alone, while `subject_live`, and while the person can still be reached in Slack. Towards one `meeting`
    a deputy of another is none, and whoever of those in the room was named to lead it is its CHAIR.
    `own_part` is the involvement to which a need, an action or a deadline belongs; OWN_PART goes with a seat
    for it, LEFT_AT_CLOSING with one that the closing has ended.
    """
    rights = {Right.ANYONE}
    if file.coordinates(person_id):
        rights.add(Right.TEAM_COORDINATOR)
        if person_id in file.confirmed_coordinators():
            rights.add(Right.CASE_COORDINATOR)
    for seat in file.seats_of(person_id):
        if seat.role is SeatRole.COORDINATOR:
            continue
        if not seat.confirmed:
            rights.add(Right.ASKED)
        elif file.opens_room(seat) and (meeting is None or seat.meeting_id in (None, meeting.id)):
            rights.add(_OF_ROLE[seat.role])
            if seat.role is SeatRole.AGENCY and seat.involvement_id == own_part:
                rights.add(Right.OWN_PART)
    if own_part is not None and any(_left_at_closing(file, s, person_id, own_part) for s in file.seats):
        rights.add(Right.LEFT_AT_CLOSING)
    if meeting is not None and meeting.chair == person_id and rights & Action.SEE_ROOM.rights:
        rights.add(Right.CHAIR)
    if any(
        contact.leader and contact.person_id == person_id
        for involvement in file.current()
        for contact in file.contacts_of(involvement.agency_id)
    ):
        rights.add(Right.LEADER)
    if subject_owner == person_id and subject_live and file.on_slack(person_id):
        rights.add(Right.OWN)
    return frozenset(rights)


def _left_at_closing(file: CaseFile, seat: Seat, person_id: str, part: str) -> bool:
    return (
        (seat.person_id, seat.involvement_id, seat.role) == (person_id, part, SeatRole.AGENCY)
        and seat.acknowledged_at is not None
        and file.left_by_closing(seat)
        and file.reached_directly(person_id, part)
    )

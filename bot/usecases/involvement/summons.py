"""Asking people: seats, duties and asks, shared by the use cases that convene."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.answers import principals
from bot.domain.case.entities import Approval, Ask, Duty, Involvement, Meeting, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.deputies import approved_before
from bot.domain.directory.entities import Agency, Ground, Reason, Team
from bot.domain.escalation import answer_window
from bot.usecases.involvement.choosing import Chosen, WillBeTold, keep_unlisted, who_is_asked
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """An agency to involve: for which persons, why, on which ground; `expected` is not told yet.

    `chosen` is whom of it to ask, where the coordinator has said so.
    """

    agency_id: str
    persons: str
    reason: Reason
    ground: Ground
    expected: bool = False
    chosen: Chosen | None = None


def involve(
    uow: UnitOfWork, team: Team, case_id: str, choice: AgencyChoice, told: WillBeTold | None = None
) -> Involvement:
    """Add an agency's part; unless only expected, ask a human of it for taushetsplikt.

    That is `told`, else the agency's contact on call.
    """
    involvement = Involvement(
        id=uow.ids.new(),
        case_id=case_id,
        agency_id=choice.agency_id,
        persons=choice.persons,
        reason=choice.reason,
        ground=choice.ground,
        asked_at=None if choice.expected else uow.now,
    )
    uow.add(involvement)
    if not choice.expected:
        offer_seat(uow, team, involvement, told)
    return involvement


def offer_seat(
    uow: UnitOfWork, team: Team, involvement: Involvement, told: WillBeTold | None = None
) -> Seat | None:
    """Ask `told`, else the agency's contact on call, to confirm taushetsplikt; None when there is nobody."""
    agency = uow.get(Agency, involvement.agency_id)
    if told is None and agency is not None:
        told = who_is_asked(uow, team, agency)
    if told is None or told.contact is None:
        return None
    seat = Seat(
        id=uow.ids.new(),
        case_id=involvement.case_id,
        person_id=told.contact.person_id,
        role=SeatRole.AGENCY,
        asked_at=uow.now,
        involvement_id=involvement.id,
    )
    keep_unlisted(uow, involvement, told)
    uow.add(seat)
    return seat


def add_meeting(uow: UnitOfWork, case_id: str, plan: MeetingPlan, called_by: str) -> Meeting:
    meeting = Meeting(
        id=uow.ids.new(),
        case_id=case_id,
        called_by=called_by,
        called_at=uow.now,
        **asdict(plan),
    )
    uow.add(meeting)
    return meeting


def summon(uow: UnitOfWork, file: CaseFile, meeting: Meeting) -> None:
    """Give every agency that is in the case the duty to attend, and ask its lead.

    Later meetings ask the seat holder, not whoever is on call.
    """
    for involvement in file.current():
        summon_agency(uow, file, meeting, involvement)


def summon_agency(uow: UnitOfWork, file: CaseFile, meeting: Meeting, involvement: Involvement) -> None:
    """Give one agency the duty to attend a meeting, and ask its lead in the case.

    An agency that has the duty already, and of whom nobody is asked any more, keeps it.
    """
    duty = next((d for d in file.duties_of(meeting.id) if d.involvement_id == involvement.id), None)
    if duty is None:
        duty = Duty(
            id=uow.ids.new(),
            case_id=meeting.case_id,
            meeting_id=meeting.id,
            involvement_id=involvement.id,
            created_at=uow.now,
        )
        uow.add(duty)
    lead = file.lead(involvement.id)
    if lead is None:
        return
    for ask in file.asks_of(duty.id):
        if ask.deputy_for is None or ask.person_id == lead.person_id:
            withdraw_ask(uow, file, ask)
    create_ask(uow, file, meeting, duty, lead.person_id)


def create_ask(
    uow: UnitOfWork,
    file: CaseFile,
    meeting: Meeting,
    duty: Duty,
    person_id: str,
    *,
    deputy_for: str | None = None,
    escalated_from: str | None = None,
    named_by: str | None = None,
) -> Ask:
    ask = Ask(
        id=uow.ids.new(),
        case_id=meeting.case_id,
        duty_id=duty.id,
        meeting_id=meeting.id,
        person_id=person_id,
        uid=uow.ids.uid(),
        asked_at=uow.now,
        window_ends_at=answer_window(file, uow.now, meeting),
        sequence=meeting.sequence,
        deputy_for=deputy_for,
        escalated_from=escalated_from,
        named_by=named_by,
    )
    uow.add(ask)
    return ask


def create_deputy_ask(
    uow: UnitOfWork,
    file: CaseFile,
    duty: Duty,
    person_id: str,
    *,
    deputy_for: str,
    named_by: str,
    decides: bool | None,
    by_coordinator: bool,
) -> Ask:
    """Name a deputy. Without approval, a coordinator's own or an earlier one, they are not asked yet.

    An approved deputy is asked at once, taushetsplikt first.
    """
    approver = named_by if by_coordinator else approved_before(file, duty.id, person_id)
    ask = create_ask(uow, file, file.meeting(duty.meeting_id), duty, person_id, deputy_for=deputy_for)
    if approver is not None:
        add_seat(uow, file, duty, person_id, deputy=True)
    return uow.change(
        ask,
        decides=decides,
        named_by=named_by,
        approval=Approval.APPROVED if approver is not None else Approval.WAITS,
        approved_by=approver,
    )


def withdraw_ask(uow: UnitOfWork, file: CaseFile, ask: Ask) -> None:
    """Take a question back. A deputy's seat was for that meeting alone, and ends with it."""
    uow.change(ask, withdrawn_at=uow.now)
    if ask.deputy_for is None:
        return
    for_this = (file.duty(ask.duty_id).involvement_id, ask.meeting_id)
    for seat in file.seats_of(ask.person_id):
        if seat.role is SeatRole.DEPUTY and (seat.involvement_id, seat.meeting_id) == for_this:
            uow.change(seat, ended_at=uow.now, end=SeatEnd.NOT_NEEDED)


def withdraw(uow: UnitOfWork, file: CaseFile, ask: Ask, *, overtaken_by: str | None = None) -> None:
    """Take a question back that waits, with the seat that goes with it if that is not confirmed.

    A seat by which the person is asked to another meeting stays. `overtaken_by` is who answered first; while
    nobody has, an agency does not lose its first seat.
    """
    uow.change(ask, withdrawn_at=uow.now, overtaken_by=overtaken_by)
    first = file.seats_for(file.duty(ask.duty_id).involvement_id)[:1]
    end = SeatEnd.NOT_NEEDED if overtaken_by is None else SeatEnd.COLLEAGUE_ANSWERED
    for seat in file.seats_of(ask.person_id):
        stays = seat.confirmed or (overtaken_by is None and seat in first)
        if not stays and file.asks_of_seat(seat) == [ask]:
            uow.change(seat, ended_at=uow.now, end=end)


def stop_chain(
    uow: UnitOfWork, file: CaseFile, duty_id: str, *, answered_by: str, but: Ask | None = None
) -> None:
    """Somebody has answered for an agency: take back its own asks that wait, `but` the one answered."""
    for ask in principals(file, duty_id):
        if ask.open and (but is None or ask.id != but.id):
            withdraw(uow, file, ask, overtaken_by=answered_by)


def add_seat(uow: UnitOfWork, file: CaseFile, duty: Duty, person_id: str, *, deputy: bool = False) -> None:
    """Add a seat for one more of an agency, or for a `deputy` at one meeting, unless the person has one.

    The agency's own seat holder needs none as a deputy. Who has confirmed taushetsplikt for this agency's
    part in the case is not asked to again, nor is a deputy who was let go meanwhile; but for everybody it is
    asked anew once the agency itself has been, as when the case was opened again.
    """
    since = file.involvement(duty.involvement_id).asked_at
    theirs = [s for s in file.seats if (s.person_id, s.involvement_id) == (person_id, duty.involvement_id)]
    mine = [s for s in theirs if s.live]
    ever = [s for s in theirs if s.ended_at is None or since is None or s.ended_at >= since]
    if any(s.role is SeatRole.AGENCY or (deputy and s.meeting_id == duty.meeting_id) for s in mine):
        return
    uow.add(
        Seat(
            id=uow.ids.new(),
            case_id=duty.case_id,
            person_id=person_id,
            role=SeatRole.DEPUTY if deputy else SeatRole.AGENCY,
            asked_at=uow.now,
            involvement_id=duty.involvement_id,
            meeting_id=duty.meeting_id if deputy else None,
            **confirmation_among(ever if deputy else mine),
        )
    )


def confirmation_among(seats: Iterable[Seat]) -> dict[str, Any]:
    """Return when, how and by whom the first of these seats was confirmed that is, as fields of another."""
    confirmed = next((s for s in seats if s.acknowledged_at is not None), None)
    names = ("acknowledged_at", "acknowledged_via", "acknowledged_by")
    return {name: getattr(confirmed, name, None) for name in names}

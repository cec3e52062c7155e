"""Pass a question on to a colleague of the same agency, before having confirmed taushetsplikt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access import Action, Right
from bot.domain.case import Seat, SeatEnd, SeatRole
from bot.domain.case_file import CaseFile
from bot.domain.deputies import available
from bot.domain.directory import Contact, Person
from bot.domain.errors import NotAColleague
from bot.usecases.asking import put_ask, put_deputy
from bot.usecases.consequences import about_ask, about_calls, about_deputy, about_posted, about_seat, settle
from bot.usecases.door import enter_seat
from bot.usecases.ended import ended_seat
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class PassOn:
    """«Send videre» to a colleague, named as a contact of the same agency."""

    seat_id: str
    contact_id: str


def colleagues(file: CaseFile, seat: Seat, now: datetime) -> list[Contact]:
    """Contacts of the seat's agency who could take it over: not the person, nor anyone away or already asked.

    A deputy at one meeting may be one at another, too.
    """
    if seat.involvement_id is None:
        return []
    agency = file.agency_of(seat.involvement_id)
    taken = {
        s.person_id
        for s in file.seats
        if s.live
        and s.involvement_id == seat.involvement_id
        and (SeatRole.AGENCY in (seat.role, s.role) or s.meeting_id == seat.meeting_id)
    }
    return [c for c in file.contacts_of(agency.id) if c.person_id not in taken and available(file, c, now)]


def see_colleagues(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseFile, list[Contact]]:
    """To whom the person asked can pass the question on."""
    here, seat = enter_seat(uow, actor, Action.PASS_ON, seat_id)
    if not seat.live or seat.confirmed:
        raise ended_seat(here.file, seat)
    return here.file, colleagues(here.file, seat, uow.now)


def pass_on(uow: UnitOfWork, actor: Person, command: PassOn) -> None:
    """End the person's seat and ask the colleague, taushetsplikt first, with an answer window of their own.

    A deputy's colleague is another deputy, whom the coordinator approves first.

    Raises:
        NotAllowed: the question was put to somebody else.
        NoLongerAsked: it has already been confirmed, passed on or withdrawn.
        NotAColleague: the contact is not of the same agency, or is already in the case.
    """
    here, seat = enter_seat(uow, actor, Action.PASS_ON, command.seat_id)
    file = here.file
    if not seat.live or seat.confirmed or seat.involvement_id is None:
        raise ended_seat(file, seat)
    contact = next((c for c in colleagues(file, seat, uow.now) if c.id == command.contact_id), None)
    if contact is None:
        raise NotAColleague
    uow.change(seat, ended_at=uow.now, end=SeatEnd.PASSED_ON)
    if seat.role is SeatRole.AGENCY:
        uow.add(replace(seat, id=uow.ids.new(), person_id=contact.person_id, asked_at=uow.now))
    for ask in file.asks_of_seat(seat):
        duty = file.duty(ask.duty_id)
        uow.change(ask, withdrawn_at=uow.now)
        if ask.deputy_for is None:
            put_ask(
                *(uow, file, file.meeting(ask.meeting_id), duty, contact.person_id),
                escalated_from=ask.escalated_from,
                named_by=ask.named_by,
            )
            continue
        put_deputy(
            uow,
            file,
            duty,
            contact.person_id,
            deputy_for=ask.deputy_for,
            named_by=actor.id,
            decides=None,
            by_coordinator=Right.CASE_COORDINATOR in here.rights,
        )
    fresh = here.again().file
    asked = [s for s in fresh.seats_of(contact.person_id) if s.involvement_id == seat.involvement_id]
    settle(
        uow,
        seat.case_id,
        *about_posted(uow, fresh, person_id=seat.person_id),
        *(i for s in asked if not s.confirmed for i in about_seat(fresh, s)),
        *(i for a in fresh.asks if a.open and a.person_id == contact.person_id for i in about_ask(fresh, a)),
        *(i for a in fresh.asks if a.person_id == contact.person_id for i in about_deputy(fresh, a)),
        *(i for m in fresh.meetings if m.live for i in about_calls(fresh, m)),
    )

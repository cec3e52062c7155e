"""Hand a seat over for good, to another contact of the same agency: sick leave, a new job."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action, Right
from bot.domain.case.entities import Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.deputies import successors
from bot.domain.directory.entities import Contact, Person
from bot.domain.errors import NobodyToAsk, NoLongerAsked, NotAColleague, NothingHere
from bot.usecases.authorization import CaseContext, could_act, enter_seat
from bot.usecases.deputies.naming import cases_around, concerns
from bot.usecases.involvement.acknowledgement import take_over
from bot.usecases.involvement.summons import confirmation_among
from bot.usecases.ports import UnitOfWork


def see_seats(uow: UnitOfWork, actor: Person, channel_id: str) -> list[tuple[CaseFile, Seat]]:
    """The agencies' seats that the person can hand over; in a room those of its case."""
    room, files = cases_around(uow, actor, channel_id)
    found = [
        (file, seat)
        for file in files
        for seat in file.seats
        if seat.live and seat.role is SeatRole.AGENCY and seat.involvement_id is not None
        if concerns(actor, file, room, seat.person_id, seat.involvement_id)
        if could_act(file, actor, Action.HAND_OVER, owner=seat.person_id, part=seat.involvement_id)
    ]
    if not found:
        raise NothingHere(what="seat")
    return found


def see_successors(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseFile, Seat, list[Contact]]:
    here, seat = _enter(uow, actor, seat_id)
    found = _successors(here, seat)
    if not found:
        raise NobodyToAsk
    return here.file, seat, found


def hand_over(uow: UnitOfWork, actor: Person, seat_id: str, *, colleague: str) -> None:
    """Ask the new one to confirm taushetsplikt; until then the old one stays, if they had confirmed."""
    here, seat = _enter(uow, actor, seat_id)
    contact = next((c for c in _successors(here, seat) if c.id == colleague), None)
    if contact is None:
        raise NotAColleague
    for earlier in [s for s in here.file.seats if s.live and s.takes_over == seat.id]:
        uow.change(earlier, ended_at=uow.now, end=SeatEnd.NOT_NEEDED)
    # One who has confirmed for this agency's part as a deputy has confirmed.
    theirs = [s for s in here.file.seats_of(contact.person_id) if s.involvement_id == seat.involvement_id]
    new = replace(
        seat,
        id=uow.ids.new(),
        person_id=contact.person_id,
        asked_at=uow.now,
        takes_over=seat.id,
        **confirmation_among(theirs),
    )
    uow.add(new)
    if new.confirmed or not seat.confirmed:
        take_over(here, new)


def _enter(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat]:
    here, seat = enter_seat(uow, actor, Action.HAND_OVER, seat_id)
    if not seat.live or seat.role is not SeatRole.AGENCY:
        raise NoLongerAsked
    return here, seat


def _successors(here: CaseContext, seat: Seat) -> list[Contact]:
    """Nobody but a coordinator gives a seat to themself: a leader says who comes, and gets none by it."""
    anybody = Right.CASE_COORDINATOR in here.rights
    found = successors(here.file, seat, here.uow.now)
    return [c for c in found if anybody or c.person_id != here.actor.id]

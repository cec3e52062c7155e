"""Confirm taushetsplikt for one case: the person in Slack, or the coordinator recording it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case import Seat, SeatRole, Via
from bot.domain.case_file import CaseFile
from bot.domain.directory import Person
from bot.domain.errors import NoLongerAsked, Overtaken
from bot.domain.intents import Intent
from bot.usecases.consequences import about_ask, about_calls, about_deputy, about_seat, settle
from bot.usecases.door import Here, enter_case, enter_seat
from bot.usecases.ended import ended_seat
from bot.usecases.hand_over import take_over
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """«Jeg bekrefter taushetsplikten», pressed by the one who was asked."""

    seat_id: str


def acknowledge(uow: UnitOfWork, actor: Person, command: Acknowledge) -> None:
    """Confirm taushetsplikt for this case; the room opens to the person, and the summons follows.

    Raises:
        NotAllowed: the question was put to somebody else.
        NoLongerAsked: it has been passed on or withdrawn.
        Overtaken: a colleague has answered for the agency.
        CaseIsClosed: the case is closed.
    """
    seat = uow.get(Seat, command.seat_id)
    action = (
        Action.ACKNOWLEDGE_CASE
        if seat is not None and seat.role is SeatRole.COORDINATOR and seat.person_id == actor.id
        else Action.ACKNOWLEDGE_SEAT
    )
    here, seat = enter_seat(uow, actor, action, command.seat_id)
    if not seat.live:
        raise ended_seat(here.file, seat)
    if seat.confirmed:
        return
    confirmed = _confirm(here, seat, Via.SLACK)
    over = take_over(here.again(), seat)
    file = here.again().file
    told = (i for s in confirmed for i in about_seat(file, s))
    settle(uow, seat.case_id, *told, *_what_opens(file, seat), *over)


@dataclass(frozen=True, slots=True)
class RecordAcknowledgement:
    """A coordinator records that somebody who is not on Slack has confirmed, in person or by phone."""

    seat_id: str
    via: Via


def record_acknowledgement(uow: UnitOfWork, actor: Person, command: RecordAcknowledgement) -> None:
    """Record that taushetsplikt was confirmed outside Slack.

    Raises:
        NotAllowed: not a coordinator who has confirmed for this case.
        NoLongerAsked: the seat has ended, or the person is on Slack and confirms there.
        Overtaken: it is recorded already.
    """
    here, seat = _unreached(uow, actor, command.seat_id)
    _confirm(here, seat, command.via)
    over = take_over(here.again(), seat)
    file = here.again().file
    settle(uow, seat.case_id, *_what_opens(file, seat), *over)


def see_recordable(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseFile, Seat]:
    """The seat whose confirmation a coordinator can record, for the form that does it.

    Raises:
        As `record_acknowledgement`.
    """
    here, seat = _unreached(uow, actor, seat_id)
    return here.file, seat


def _unreached(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[Here, Seat]:
    seat = uow.get(Seat, seat_id)
    here = enter_case(uow, actor, Action.ANSWER_ON_BEHALF, seat.case_id if seat else None)
    seat = here.file.seat(seat_id)
    if seat is None or not seat.live or seat.involvement_id is None:
        raise NoLongerAsked
    if here.file.reached_directly(seat.person_id, seat.involvement_id):
        raise NoLongerAsked
    if seat.confirmed:
        raise Overtaken(by=seat.acknowledged_by or "")
    return here, seat


def _confirm(here: Here, seat: Seat, via: Via) -> list[Seat]:
    """Confirm the seat, and with it the person's seats as a deputy at other meetings for the same agency."""
    uow = here.uow
    others = [
        s
        for s in here.file.seats_of(seat.person_id)
        if s.role is SeatRole.DEPUTY and s.involvement_id == seat.involvement_id and s.id != seat.id
    ]
    return [
        uow.change(s, acknowledged_at=uow.now, acknowledged_via=via, acknowledged_by=here.actor.id)
        for s in (seat, *others)
        if not s.confirmed
    ]


def _what_opens(file: CaseFile, seat: Seat) -> list[Intent]:
    """The summonses that waited for this confirmation, and the lists of those who must be rung."""
    intents: list[Intent] = []
    for ask in file.asks:
        meeting = file.meeting(ask.meeting_id)
        if not ask.live or not meeting.live:
            continue
        if ask.person_id == seat.person_id:
            intents.extend(about_ask(file, ask))
        if seat.role is SeatRole.COORDINATOR or ask.person_id == seat.person_id:
            intents.extend(about_calls(file, meeting))
        if seat.role is SeatRole.COORDINATOR:
            intents.extend(about_deputy(file, ask))
    return intents

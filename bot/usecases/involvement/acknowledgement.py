"""Confirm taushetsplikt for one case, or pass the ask on to a colleague before that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.answers import principals
from bot.domain.case.entities import Ask, Seat, SeatEnd, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.deputies import colleagues
from bot.domain.directory.entities import Contact, Person
from bot.domain.errors import Invalid, Overtaken, Problem, Refusal, Refused
from bot.usecases.authorization import CaseContext, enter, enter_case, enter_seat
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement.summons import (
    ask_instead,
    colleague_among,
    confirmation_among,
    create_deputy_ask,
)
from bot.usecases.ports import UnitOfWork


def withdrawn_ask(ask: Ask) -> Refused:
    """Return the reason why a withdrawn ask can no longer be answered."""
    return Overtaken(ask.overtaken_by) if ask.overtaken_by is not None else Refused(Refusal.NO_LONGER_ASKED)


def ended_seat(file: CaseFile, seat: Seat) -> Refused:
    """Return the reason why a seat is over; it names a colleague who has answered meanwhile."""
    if seat.end is SeatEnd.COLLEAGUE_ANSWERED:
        for ask in reversed(file.asks):
            of_seat = file.part_of(ask) == seat.involvement_id
            if of_seat and ask.person_id == seat.person_id and ask.overtaken_by is not None:
                return Overtaken(ask.overtaken_by)
    return Refused(Refusal.NO_LONGER_ASKED)


def not_theirs(file: CaseFile, seat: Seat) -> bool:
    """Return whether the seat's agency has said that the case is not theirs, and was not asked again."""
    return seat.involvement_id is not None and file.involvement(seat.involvement_id).not_ours is not None


def acknowledge(uow: UnitOfWork, actor: Person, seat_id: str) -> None:
    """Confirm taushetsplikt for this case: «Jeg bekrefter taushetsplikten».

    The room opens to the person, and the summons follows.
    """
    theirs = uow.get(Seat, seat_id)
    action = (
        Action.ACKNOWLEDGE_CASE
        if theirs is not None and theirs.role is SeatRole.COORDINATOR and theirs.person_id == actor.id
        else Action.ACKNOWLEDGE_SEAT
    )
    here, seat = enter_seat(uow, actor, action, seat_id)
    if not seat.live or not_theirs(here.file(), seat):
        raise ended_seat(here.file(), seat)
    if seat.confirmed:
        return
    confirm_seat(here, seat, Via.SLACK)
    if seat.role is SeatRole.COORDINATOR:
        note_acting(here)
    take_over(here, seat)


def record_acknowledgement(
    uow: UnitOfWork, actor: Person, seat_id: str, *, via: Via, at: datetime | None = None
) -> None:
    """Record that somebody has confirmed taushetsplikt to a coordinator, in person or by phone.

    `at` is when they confirmed, if not now.
    """
    here, seat = see_recordable(uow, actor, seat_id)
    check_spoken(here, via, at)
    note_acting(here)
    confirm_seat(here, seat, via, at)
    take_over(here, seat)


def see_recordable(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat]:
    """The seat whose confirmation a coordinator can record."""
    seat = uow.get(Seat, seat_id)
    here = enter_case(uow, actor, Action.ACKNOWLEDGE_ON_BEHALF, seat.case_id if seat else None)
    seat = here.file().seat(seat_id)
    if seat is None or not seat.live or seat.involvement_id is None or not_theirs(here.file(), seat):
        raise Refused(Refusal.NO_LONGER_ASKED)
    if seat.confirmed:
        raise Overtaken(seat.acknowledged_by)
    return here, seat


#: How long before the case was opened here a call may lie: the bot may have been down when the case began.
_BEFORE_THE_CASE = timedelta(days=1)


def check_spoken(here: CaseContext, via: Via, at: datetime | None) -> None:
    """Check how, and when if not now, somebody was spoken to outside Slack."""
    if via is Via.SLACK:
        raise Refused(Refusal.NOT_ALLOWED)
    if at is not None and not here.file().case.opened_at - _BEFORE_THE_CASE <= at <= here.uow.now:
        raise Invalid(Problem("at", "invalid.spoken-at"))


def confirm_seat(here: CaseContext, seat: Seat, via: Via, at: datetime | None = None) -> None:
    """Confirm the seat, and with it the person's seats as a deputy at other meetings for the same agency.

    `at` is when the person confirmed, if not now.
    """
    uow = here.uow
    asked = (a.asked_at for a in here.file().asks if a.person_id == seat.person_id and a.withdrawn_at is None)
    # Not before they were asked: the clock may have been corrected since.
    at = at or max([uow.now, *asked])
    theirs = here.file().seats_of(seat.person_id, here.file().part_of(seat))
    for each in (seat, *(s for s in theirs if s.role is SeatRole.DEPUTY and s.id != seat.id)):
        if not each.confirmed:
            uow.change(each, acknowledged_at=at, acknowledged_via=via, acknowledged_by=here.actor.id)


def see_colleagues(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat, list[Contact]]:
    """The seat, and the contacts to whom the person asked can pass it on."""
    here, seat = enter(uow, actor, Action.PASS_ON, Seat, seat_id)
    if not seat.live or seat.confirmed or not_theirs(here.file(), seat):
        raise ended_seat(here.file(), seat)
    found = colleagues(here.file(), seat, uow.now)
    if not found and not here.file().asks_of_seat(seat):
        raise Refused(Refusal.NOBODY_TO_ASK)
    return here, seat, found


def pass_on(uow: UnitOfWork, actor: Person, seat_id: str, colleague: str) -> None:
    """End the person's seat and ask a colleague (by contact id) of the same agency: «Send videre».

    The colleague confirms taushetsplikt first, and has an answer window of their own.

    A deputy's colleague becomes a deputy, whom the coordinator approves first.
    """
    here, seat, found = see_colleagues(uow, actor, seat_id)
    file, contact = here.file(), colleague_among(found, colleague)
    uow.change(seat, ended_at=uow.now, end=SeatEnd.PASSED_ON)
    if seat.role is SeatRole.AGENCY:
        add_successor(uow, file, seat, contact.person_id, takes_over=seat.takes_over)
    for ask in file.asks_of_seat(seat):
        duty = file.duty(ask.duty_id)
        if ask.deputy_for is None:
            led_to = {"escalated_from": ask.escalated_from, "named_by": ask.named_by}
            ask_instead(uow, file, duty, contact.person_id, [seat.person_id], **led_to)
        else:
            uow.change(ask, withdrawn_at=uow.now)
            create_deputy_ask(here, duty, contact.person_id, deputy_for=ask.deputy_for)


def add_successor(
    uow: UnitOfWork, file: CaseFile, seat: Seat, person_id: str, *, takes_over: str | None
) -> Seat:
    """Add the seat of a colleague. Their confirmation as a deputy for this agency's part counts."""
    theirs = file.seats_of(person_id, file.part_of(seat))
    return uow.add(
        replace(
            seat,
            id=uow.ids.new(),
            person_id=person_id,
            asked_at=uow.now,
            takes_over=takes_over,
            left_at=None,
            **confirmation_among(theirs),
        )
    )


def take_over(here: CaseContext, seat: Seat) -> None:
    """End the seat that this one takes over, if any, and ask its person to the meetings ahead.

    They are asked again, whatever was answered before. Deputies stay until the new seat holder says that they
    come, or who comes instead.
    If colleagues are asked too, and nobody has answered, the agency's chain goes on.
    """
    uow, file = here.uow, here.file()
    old = file.seat(seat.takes_over)
    if old is None or seat.involvement_id is None:
        return
    if old.live:
        uow.change(old, ended_at=uow.now, end=SeatEnd.HANDED_OVER)
    for duty in file.duties_ahead(seat.involvement_id, uow.now):
        own = principals(file, duty.id)
        theirs = next((a for a in own if a.person_id == old.person_id), None)
        if own and theirs is None:
            continue
        follows = theirs.escalated_from if theirs is not None and len(own) > 1 else None
        ask_instead(uow, file, duty, seat.person_id, [old.person_id], escalated_from=follows)

"""«Ikke vår sak»: an agency says that a case is not theirs; a coordinator accepts it, or asks again."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Answer, Duty, Involvement, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import NotOurs, Person
from bot.domain.errors import NoLongerAsked, Overtaken
from bot.usecases.authorization import CaseContext, enter_involvement, enter_seat
from bot.usecases.involvement import summons
from bot.usecases.involvement.acknowledgement import ended_seat
from bot.usecases.ports import UnitOfWork


def see_not_ours(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseFile, Involvement, str]:
    """The agency's part, and the seat's id, for the form in which somebody says why it is not theirs."""
    here, seat, part = _enter(uow, actor, seat_id)
    return here.file, part, seat.id


def _enter(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat, Involvement]:
    here, seat = enter_seat(uow, actor, Action.SAY_NOT_OURS, seat_id)
    if not seat.live:
        raise ended_seat(here.file, seat)
    if seat.role is not SeatRole.AGENCY or seat.takes_over or seat.involvement_id is None:
        raise NoLongerAsked
    part = here.file.involvement(seat.involvement_id)
    if part.not_ours_by is not None:
        raise NoLongerAsked if part.not_ours_by == actor.id else Overtaken(by=part.not_ours_by)
    for duty in _duties(here.file, part):
        comes = (a.person_id for a in here.file.asks_of(duty.id) if a.answer is Answer.CONFIRMED)
        by = next((p for p in comes if p != actor.id), None)
        if by is not None:
            raise Overtaken(by=by)
    return here, seat, part


def _duties(file: CaseFile, part: Involvement) -> list[Duty]:
    """The agency's duties that are still to be met, but at a meeting where somebody of it is present."""
    came = {a.duty_id for a in file.arrivals}
    return [
        d
        for m in file.meetings
        if m.live
        for d in file.duties_of(m.id)
        if d.involvement_id == part.id and d.id not in came
    ]


def say_not_ours(uow: UnitOfWork, actor: Person, seat_id: str, *, not_ours: NotOurs) -> None:
    """Record that the case is not the agency's: nobody of it is asked any more, and no leader is told.

    It is neither forfall nor absence: the duty to attend falls away, but at a meeting where somebody of the
    agency is present already. Who has confirmed taushetsplikt stays in the room until a coordinator has
    accepted it; who has not, need not any more.
    """
    here, seat, part = _enter(uow, actor, seat_id)
    file = here.file
    uow.change(part, not_ours=not_ours, not_ours_at=uow.now, not_ours_by=actor.id)
    for duty in _duties(file, part):
        own = next((a for a in file.asks_of(duty.id) if a.person_id == actor.id), None)
        summons.stop_chain(uow, file, duty.id, answered_by=actor.id, but=own)
        for ask in here.file.asks_of(duty.id):
            summons.withdraw_ask(uow, here.file, ask)
        uow.change(duty, withdrawn_at=uow.now)
    for other in here.file.seats:
        waits = other.live and not other.confirmed and other.involvement_id == part.id
        if waits and other.id != seat.id:
            uow.change(other, ended_at=uow.now, end=SeatEnd.COLLEAGUE_ANSWERED)


def ask_again(uow: UnitOfWork, actor: Person, involvement_id: str) -> None:
    """Ask an agency again that has said that the case is not theirs, as when it was involved.

    It has the duty to attend the meetings ahead; whoever has a seat for it is asked, else its contact on
    call.
    """
    here, part = enter_involvement(uow, actor, Action.ASK_AGAIN, involvement_id)
    part = here.file.involvement(part.id)
    if part.ended_at is not None or part.not_ours is None:
        raise NoLongerAsked
    _ask(uow, here.file, part)


def _ask(uow: UnitOfWork, file: CaseFile, part: Involvement) -> None:
    part = uow.change(part, asked_at=uow.now, not_ours=None, not_ours_at=None, not_ours_by=None)
    file = uow.current(file)
    if file.lead(part.id) is None:
        summons.offer_seat(uow, file.team, part)
    for meeting in file.meetings:
        if meeting.live and meeting.starts_at > uow.now:
            summons.summon_agency(uow, uow.current(file), meeting, part)


def take_back_not_ours(uow: UnitOfWork, actor: Person, seat_id: str) -> None:
    """Say that the case is the agency's after all, before a coordinator has agreed: «Angre»."""
    here, seat = enter_seat(uow, actor, Action.SAY_NOT_OURS, seat_id)
    part = here.file.involvement(seat.involvement_id) if seat.live and seat.involvement_id else None
    if part is None or part.ended_at is not None or part.not_ours is None:
        raise NoLongerAsked
    _ask(uow, here.file, part)

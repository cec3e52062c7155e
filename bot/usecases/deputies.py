"""Replace a person: for one meeting, by a deputy whom a coordinator approves first; or for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from bot.domain.access import Action, Right
from bot.domain.answers import may_answer
from bot.domain.case.entities import Answer, Approval, Ask, DeclineReason, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.deputies import colleagues, possible_deputies
from bot.domain.directory.entities import Agency, Contact, Person
from bot.domain.errors import Overtaken, Refusal, Refused, refuse
from bot.usecases.answers import give_answer
from bot.usecases.authorization import CaseContext, enter, may_act_for
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement.acknowledgement import add_successor, take_over
from bot.usecases.involvement.summons import colleague_among, seat_for_duty
from bot.usecases.ports import UnitOfWork, case_files

T = TypeVar("T", bound=Ask | Seat)


def _theirs(
    uow: UnitOfWork, actor: Person, channel_id: str, things: Callable[[CaseFile], Iterable[T]]
) -> Iterator[tuple[CaseFile, T]]:
    """Yield the `things` of a room's case; outside a room those that are the person's or their agency's.

    `things` returns those of a case on which they may act. The cases are those of the person's seats and, for
    a leader, all of the team of their agency.
    """
    led = uow.find(Contact, person_id=actor.id, leader=True, retired=False, waits=False)
    agencies = (uow.get(Agency, c.agency_id) for c in led)
    teams = dict.fromkeys(a.team_id for a in agencies if a is not None)
    of_teams = [case_id for team_id in teams for case_id in uow.cases_of_team(team_id)]
    room = uow.case_of_channel(channel_id)
    for file in case_files(uow, dict.fromkeys([*uow.cases_with(actor.id), *of_teams])):
        for thing in things(file):
            agency_id = file.agency_of(file.part_of(thing)).id
            own = thing.person_id == actor.id or file.leads_agency(actor.id, agency_id)
            if own if room is None else file.case.id == room:
                yield file, thing


def see_nameable(uow: UnitOfWork, actor: Person, channel_id: str) -> list[tuple[CaseFile, Ask]]:
    """The asks for which the person can name a deputy, soonest first; in a room those of its case."""
    found = _theirs(uow, actor, channel_id, partial(nameable, uow, actor))
    soonest = sorted(found, key=lambda each: each[0].meeting(each[1].meeting_id).starts_at)
    return soonest or refuse(Refusal.NOTHING_HERE, "deputy")


def nameable(uow: UnitOfWork, actor: Person, file: CaseFile) -> list[Ask]:
    """Return the asks of a case for which the person can name a deputy."""
    may = partial(may_act_for, file, actor, Action.NAME_DEPUTY)
    asks = (ask for ask in file.asks if _can_be_named_for(file, ask, uow))
    return [ask for ask in asks if may(owner=ask.person_id, part=file.part_of(ask))]


def _can_be_named_for(file: CaseFile, ask: Ask, uow: UnitOfWork) -> bool:
    return file.meeting(ask.meeting_id).starts_at > uow.now and may_answer(file, ask)


def see_naming(uow: UnitOfWork, actor: Person, ask_id: str) -> tuple[CaseContext, Ask, list[Contact]]:
    """An ask for which somebody can be named, and who."""
    here, ask = enter(uow, actor, Action.NAME_DEPUTY, Ask, ask_id)
    meeting = here.file().meeting(ask.meeting_id)
    if meeting.live and meeting.starts_at <= uow.now:
        raise Refused(Refusal.TOO_LATE)
    if not _can_be_named_for(here.file(), ask, uow):
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, ask, possible_deputies(here.file(), ask, uow.now) or refuse(Refusal.NOBODY_TO_ASK)


def name_deputy(
    uow: UnitOfWork, actor: Person, ask_id: str, *, deputy: str, reason: DeclineReason | None
) -> None:
    """Record the forfall, with its reason if one is given, and the contact (by id) who comes instead.

    An earlier reason, which a leader must not read, stays if none is given. A coordinator approves before the
    deputy is asked.
    """
    here, ask, _ = see_naming(uow, actor, ask_id)
    give_answer(here, ask, Answer.DECLINED, reason or ask.reason, deputy)


def approve_deputy(uow: UnitOfWork, actor: Person, ask_id: str) -> None:
    """Approve a deputy, who is asked now, taushetsplikt first, with an answer window of their own."""
    here, ask = _enter_decision(uow, actor, ask_id, approves=True)
    note_acting(here)
    file = here.file()
    duty = file.duty(ask.duty_id)
    contacts = {c.person_id for c in file.contacts_of(file.agency_of_ask(ask).id)}
    if ask.person_id not in contacts or not file.can_be_asked(ask.person_id):
        raise Refused(Refusal.DEPUTY_GONE)
    seat_for_duty(uow, file, duty, ask.person_id, deputy=True)
    uow.change(
        ask,
        approval=Approval.APPROVED,
        approved_by=actor.id,
        asked_at=uow.now,
        asked_anew=False,
    )


def refuse_deputy(uow: UnitOfWork, actor: Person, ask_id: str) -> None:
    """Refuse a deputy; the person who named them is told, and can name another.

    A deputy who has left the agency can be refused too.
    """
    here, ask = _enter_decision(uow, actor, ask_id)
    note_acting(here)
    uow.change(ask, approval=Approval.REFUSED, approved_by=actor.id, withdrawn_at=uow.now)


def _enter_decision(
    uow: UnitOfWork, actor: Person, ask_id: str, *, approves: bool = False
) -> tuple[CaseContext, Ask]:
    """The ask of a deputy who waits for a coordinator."""
    here, ask = enter(uow, actor, Action.APPROVE_DEPUTY, Ask, ask_id, learns=approves)
    meeting = here.file().meeting(ask.meeting_id)
    if ask.approval in (Approval.APPROVED, Approval.REFUSED) and meeting.live:
        raise Overtaken(ask.approved_by)
    if not ask.awaits_approval or not meeting.live:
        raise Refused(Refusal.NO_LONGER_ASKED)
    if meeting.starts_at <= uow.now:
        raise Refused(Refusal.TOO_LATE)
    return here, ask


def see_seats(uow: UnitOfWork, actor: Person, channel_id: str) -> list[tuple[CaseFile, Seat]]:
    """The agencies' seats that the person can hand over; in a room those of its case."""

    def seats(file: CaseFile) -> list[Seat]:
        may = partial(may_act_for, file, actor, Action.HAND_OVER)
        ours = (seat for seat in file.seats if _can_be_handed_over(seat))
        return [seat for seat in ours if may(owner=seat.person_id, part=file.part_of(seat))]

    return [*_theirs(uow, actor, channel_id, seats)] or refuse(Refusal.NOTHING_HERE, "seat")


def _can_be_handed_over(seat: Seat) -> bool:
    return seat.live and seat.role is SeatRole.AGENCY


def see_successors(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat, list[Contact]]:
    """The seat and its possible successors. A leader cannot take it themself: they get no seat."""
    here, seat = enter(uow, actor, Action.HAND_OVER, Seat, seat_id)
    if not _can_be_handed_over(seat):
        raise Refused(Refusal.NO_LONGER_ASKED)
    anybody = Right.CASE_COORDINATOR in here.rights
    found = [c for c in colleagues(here.file(), seat, uow.now) if anybody or c.person_id != actor.id]
    return here, seat, found or refuse(Refusal.NOBODY_TO_ASK)


def hand_over(uow: UnitOfWork, actor: Person, seat_id: str, *, colleague: str) -> None:
    """Ask the successor to confirm taushetsplikt; until then the old holder stays, if they had confirmed."""
    here, seat, found = see_successors(uow, actor, seat_id)
    contact = colleague_among(found, colleague)
    for earlier in [s for s in here.file().seats if s.live and s.takes_over == seat.id]:
        uow.change(earlier, ended_at=uow.now, end=SeatEnd.NOT_NEEDED)
    new = add_successor(uow, here.file(), seat, contact.person_id, takes_over=seat.id)
    if new.confirmed or not seat.confirmed:
        take_over(here, new)

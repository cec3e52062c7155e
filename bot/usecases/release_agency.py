"""End an agency's part: its people leave, what they were asked is withdrawn, the bot's messages go."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case import Involvement, SeatEnd
from bot.domain.directory import Person
from bot.domain.errors import NoLongerAsked, NothingHere
from bot.domain.intents import Intent, Kind
from bot.usecases.consequences import about_calls, about_posted, settle
from bot.usecases.door import Here, enter_involvement, enter_room
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReleaseAgency:
    """The part that is over."""

    involvement_id: str


def see_releasable(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[Here, list[Involvement]]:
    """The agencies whose part can be ended: asked, active or only expected.

    Raises:
        NothingHere: there is none.
    """
    here = enter_room(uow, actor, Action.RELEASE_AGENCY, channel_id)
    parts = [i for i in here.file.involvements if i.ended_at is None]
    if not parts:
        raise NothingHere(what="part")
    return here, parts


def release_agency(uow: UnitOfWork, actor: Person, command: ReleaseAgency) -> None:
    """End the agency's part at once; the others see only that it left.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        NoLongerAsked: its part is over already.
    """
    here, involvement = enter_involvement(uow, actor, Action.RELEASE_AGENCY, command.involvement_id)
    if involvement.ended_at is not None:
        raise NoLongerAsked
    end_part(here, involvement, SeatEnd.PART_OVER)


def end_part(here: Here, involvement: Involvement, end: SeatEnd) -> None:
    """End an involvement with its seats, duties and asks, and leave what follows.

    The duty to attend a meeting that has begun stays, for attendance to be registered.
    """
    uow, file = here.uow, here.file
    known = involvement.asked_at is not None
    uow.change(involvement, ended_at=uow.now)
    people = {}
    for seat in file.seats:
        if seat.involvement_id == involvement.id and seat.live:
            uow.change(seat, ended_at=uow.now, end=end)
            people[seat.person_id] = file.reached_directly(seat.person_id, involvement.id)
    touched = set()
    for duty in file.duties:
        meeting = file.meeting(duty.meeting_id)
        if duty.involvement_id != involvement.id or duty.withdrawn_at is not None or not meeting.live:
            continue
        touched.add(meeting.id)
        if meeting.starts_at > uow.now:
            uow.change(duty, withdrawn_at=uow.now)
        for ask in file.asks_of(duty.id):
            uow.change(ask, withdrawn_at=uow.now)
    fresh = here.again().file
    intents: list[Intent] = []
    for person_id, reachable in sorted(people.items()):
        intents.extend(about_posted(uow, fresh, person_id=person_id))
        if reachable:
            intents.append(Intent(Kind.PART_OVER, involvement.id, case_id=fresh.case.id, recipient=person_id))
    if known:
        intents.append(Intent(Kind.AGENCY_LEFT, involvement.id, case_id=fresh.case.id))
    for meeting in fresh.meetings:
        if meeting.live:
            intents.extend(about_calls(fresh, meeting))
    asks = {a.id for a in fresh.asks if fresh.duty(a.duty_id).involvement_id == involvement.id}
    settle(uow, fresh.case.id, *about_posted(uow, fresh, subjects=frozenset(asks | touched)), *intents)

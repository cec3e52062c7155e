"""Undo a case that was opened by mistake: it is deleted at once, as long as nothing has come of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, SeatEnd
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import NothingHere
from bot.domain.notifications import Kind, Notification, Withdrawn
from bot.usecases.authorization import CaseContext, enter_case
from bot.usecases.lifecycle.closing import plan_purge
from bot.usecases.meeting import withdraw_meeting
from bot.usecases.notifications import refresh
from bot.usecases.ports import Posted, UnitOfWork

#: How long it stands with whoever had been asked that nobody asks any more.
TOLD_FOR = timedelta(days=14)


def can_be_undone(file: CaseFile, now: datetime) -> bool:
    """Return whether nothing has come of the case: no meeting has begun, no action is agreed."""
    begun = (m for m in file.meetings if m.starts_at <= min(m.cancelled_at or now, now))
    return file.open and not any(begun) and not file.actions


def see_undoing(
    uow: UnitOfWork, actor: Person, case_id: str
) -> tuple[CaseFile, list[Person], list[Person], list[Involvement]]:
    """The case, who reads that nobody asks them any more, the coordinators who read that it is gone, and the
    agencies whom the bot cannot tell.
    """
    file = _enter(uow, actor, case_id).file
    others = uow.find(Person, id=_other_coordinators(uow, file, actor))
    told = _told(uow, file)
    unreached = [i for i in file.current() if all(s.person_id not in told for s in file.seats_for(i.id))]
    asked = [file.persons[id] for id in told if id in file.persons]
    return file, asked, [person for person in others if person.on_slack], unreached


def _other_coordinators(uow: UnitOfWork, file: CaseFile, actor: Person) -> list[str]:
    return [c.person_id for c in uow.coordinators(file.team.id) if c.person_id != actor.id]


def _enter(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    here = enter_case(uow, actor, Action.UNDO_OPENING, case_id)
    if not can_be_undone(here.file, uow.now):
        raise NothingHere(what="undoable")
    return here


def _told(uow: UnitOfWork, file: CaseFile) -> list[str]:
    """Ids of those to whom the bot has written of the case, the coordinators not counted."""
    written = {each.person_id for each in uow.find(Posted, case_id=file.case.id)}
    return sorted(id for id in written if id is not None and not file.coordinates(id))


def _asked_at(file: CaseFile, person_id: str) -> datetime | None:
    """When somebody was first asked: by that they tell the request from another that stands."""
    return min((s.asked_at for s in file.seats if s.person_id == person_id), default=None)


def undo_opening(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Delete a case that was opened by mistake; as `see_undoing`.

    Calendars are told before its key goes. What tells people of it is of no case, since it outlives this one.
    """
    here = _enter(uow, actor, case_id)
    file, now = here.file, uow.now
    readers = [*_told(uow, file), *_other_coordinators(uow, file, actor)]
    for meeting in file.meetings:
        if meeting.live:
            withdraw_meeting(uow, file, meeting)
    for seat in here.file.seats:
        if seat.live:
            uow.change(seat, ended_at=now, end=SeatEnd.CASE_CLOSED)
    for part in file.involvements:
        if part.ended_at is None:
            uow.change(part, ended_at=now)
    today = file.team.day_of(now)
    gone = uow.change(file.case, closed_at=now, delete_on=today, erasing_since=now, undone=True)
    uow.enqueue(
        *(
            Notification(Kind.UNDONE, file.team.id, recipient=id, params=Withdrawn(now, _asked_at(file, id)))
            for id in readers
        )
    )
    plan_purge(uow, [gone])


def drop_told(uow: UnitOfWork) -> None:
    """Take away what has stood for long enough with whoever had been asked."""
    told = uow.find(Posted, case_id=None, kind=Kind.UNDONE)
    over = (p for p in told if isinstance(p.params, Withdrawn) and p.params.at + TOLD_FOR <= uow.now)
    uow.enqueue(*map(refresh, over))

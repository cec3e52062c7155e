"""Close a case, and delete it on its date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.access import Action
from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import Case, SeatEnd, SeatRole
from bot.domain.case.links import Link
from bot.domain.directory.entities import Person, Team
from bot.domain.errors import NothingHere, RegisterFirst
from bot.domain.notifications import Kind, Notification
from bot.domain.on_record import Unrecorded, waits_for_record
from bot.domain.report.yearly import bare_facts
from bot.usecases.attendance.register import take_effect
from bot.usecases.authorization import CaseContext, enter_case, enter_room
from bot.usecases.links.links import cut
from bot.usecases.meeting import withdraw_meeting
from bot.usecases.notifications import homes_notifications, standing_notification
from bot.usecases.ports import Posted, UnitOfWork
from bot.usecases.report import keep_counts
from bot.usecases.room.trouble import bare_rooms


def see_closing(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseContext, date]:
    """The case, for the list of what is open, and the date on which it would be deleted."""
    here = enter_room(uow, actor, Action.CLOSE_CASE, channel_id)
    _check_registered(here)
    return here, _delete_on(here)


def _check_registered(here: CaseContext) -> None:
    """A meeting that has begun is not called off in silence: who came would be lost."""
    begun = (m for m in here.file.meetings if m.live and m.starts_at <= here.uow.now)
    if not all(here.file.filled_in(m) for m in begun):
        raise RegisterFirst


def _delete_on(here: CaseContext) -> date:
    team = here.file.team
    today = team.day_of(here.uow.now)
    return today + timedelta(days=team.rules.retention_days)


def close_case(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Close the case. Involvement ends for all; the confirmed coordinators keep the room until deletion."""
    here = enter_case(uow, actor, Action.CLOSE_CASE, case_id)
    _check_registered(here)
    file = here.file
    for meeting in file.meetings:
        if file.filled_in(meeting):
            take_effect(uow, file, meeting.id)
        elif meeting.live:
            withdraw_meeting(uow, file, meeting)
    for seat in here.file.seats:
        if seat.live and not (seat.role is SeatRole.COORDINATOR and seat.confirmed):
            uow.change(seat, ended_at=uow.now, end=SeatEnd.CASE_CLOSED)
    for involvement in file.involvements:
        if involvement.ended_at is None:
            uow.change(involvement, ended_at=uow.now)
    uow.change(file.case, closed_at=uow.now, delete_on=_delete_on(here), offered_to=None)


def due_for_purge(uow: UnitOfWork) -> list[Case]:
    """Closed cases whose deletion date has come, in their team's zone, oldest first."""
    due = (case for case in uow.find(Case, purged_at=None) if is_due(uow, case))
    return sorted(due, key=lambda c: (str(c.delete_on), c.id))


def is_due(uow: UnitOfWork, case: Case) -> bool:
    """Return whether a case is closed and its deletion date has come, in its team's zone."""
    if case.closed_at is None or case.delete_on is None:
        return False
    team = uow.get(Team, case.team_id)
    return team is not None and case.delete_on <= team.day_of(uow.now)


def plan_purge(uow: UnitOfWork, cases: Sequence[Case]) -> None:
    """Leave one notification per case that goes now: Slack is emptied first, then the rows go.

    Of one that waits, what tells that it goes on a day that has come is told anew.
    """
    for case in cases:
        file = uow.case_file(case.id)
        if not waits(uow, case):
            uow.enqueue(Notification(Kind.PURGE, case.id, case_id=case.id))
        elif file is not None:
            uow.enqueue(Notification(Kind.ROOM, case.id, case_id=case.id), standing_notification(case.id))


def waits(uow: UnitOfWork, case: Case) -> bool:
    """Return whether a case that is due is kept for a while, since it is not on record."""
    file = None if case.is_being_erased else uow.case_file(case.id)
    return file is not None and waits_for_record(file, file.team.day_of(uow.now))


def see_unrecorded(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    """The case that waits beyond its date, for the form."""
    here = enter_case(uow, actor, Action.DELETE_UNRECORDED, case_id, closed_too=True)
    return _check_waits(here)


def _check_waits(here: CaseContext) -> CaseContext:
    if not waits(here.uow, here.file.case):
        raise NothingHere(what="not-waiting")
    return here


def delete_unrecorded(uow: UnitOfWork, actor: Person, case_id: str, *, reason: Unrecorded) -> None:
    """Delete a case that waits, at once, for a reason that the log keeps."""
    here = enter_case(uow, actor, Action.DELETE_UNRECORDED, case_id, closed_too=True, what=reason.value)
    _check_waits(here)
    plan_purge(uow, [uow.change(here.file.case, erasing_since=uow.now)])
    uow.enqueue(*homes_notifications(here.file))


def begin_erasing(uow: UnitOfWork, case_id: str) -> Case | None:
    """Note that the case is being erased, before anything is; return it, if it is there to be erased.

    One that was opened again, and maybe closed again, since its deletion was planned has no date, or another;
    one that somebody has taken off the record since waits.
    """
    uow.lock_case(case_id)
    case = uow.get(Case, case_id)
    if case is None or case.closed_at is None or case.purged_at is not None:
        return None
    if case.erasing_since is not None:
        return case
    team = uow.get(Team, case.team_id)
    if team is None or case.delete_on is None or team.day_of(uow.now) < case.delete_on or waits(uow, case):
        return None
    return uow.change(case, erasing_since=uow.now)


def forget_case(uow: UnitOfWork, case_id: str) -> None:
    """Remove what the database holds of a purged case, when nothing of the bot's is left in Slack.

    Its code stays, so that it is not given out again while messages of others may remain: of when it was the
    years alone, and who asked for it, for the yearly report. All else goes with its key, from every backup
    too. The report's numbers are kept.
    """
    file = uow.case_file(case_id)
    if file is None or file.open or file.case.purged_at is not None:
        return
    uow.enqueue(*homes_notifications(file))
    keep_counts(uow, file)
    for half in uow.find(Link, case_id=case_id):
        cut(uow, half)
    for posted in uow.find(Posted, case_id=case_id):
        uow.remove(posted)
    bare_rooms(uow, file)
    uow.change(file.case, **bare_facts(file.case, file.team, uow.now))
    uow.audit(AuditEntry(Event.PURGED, BOT, case_id))
    uow.erase(case_id)

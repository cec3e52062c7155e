"""Rooms that are no closed rooms of their case any more in Slack: noted, told, settled."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.case.entities import FormerRoom, Room, RoomTrouble
from bot.domain.case.file import CaseFile
from bot.domain.notifications import At, Kind, Notification
from bot.domain.report.yearly import year_alone
from bot.usecases.notifications import coordinator_notifications, homes_notifications, standing_notification
from bot.usecases.ports import UnitOfWork, file_of_channel


def room_changed(uow: UnitOfWork, channel_id: str) -> None:
    """Something has happened to a room as a whole: Slack is asked what it is now.

    To one that another has taken the place of, too: it may be possible now to empty it.
    """
    file = file_of_channel(uow, channel_id)
    if file is not None:
        uow.change(file.room, doubts=file.room.doubts + 1)
        uow.enqueue(Notification(Kind.ROOM, file.case.id, case_id=file.case.id))
        return
    for former in uow.find(FormerRoom, channel_id=channel_id, emptied_at=None):
        uow.enqueue(Notification(Kind.ROOM, former.case_id, case_id=former.case_id))


def bot_joined(uow: UnitOfWork, channel_id: str) -> None:
    """The bot is in a room: it has made it, or it has been let in again."""
    file = file_of_channel(uow, channel_id)
    if file is None or file.room.trouble is not None:
        room_changed(uow, channel_id)


def note_trouble(uow: UnitOfWork, room: Room, trouble: RoomTrouble | None) -> Room:
    """Note what is wrong with a room, or (None) that nothing is any more."""
    uow.lock_case(room.case_id)
    noted = uow.change(
        room,
        trouble=trouble,
        trouble_at=uow.now if trouble is not None else None,
        doubts=room.doubts + 1,
        kick_refused=False,
        left_out=None,
    )
    uow.case_changed(room.case_id)
    return noted


def room_made(uow: UnitOfWork, case_id: str) -> None:
    """The case has a channel: what was shown before leads to it. Of another one the coordinators are told."""
    file = uow.case_file(case_id)
    if file is None:
        return
    uow.enqueue(*homes_notifications(file), standing_notification(case_id))
    if file.former_rooms:
        since = At(max(former.left_at for former in file.former_rooms))
        uow.enqueue(*coordinator_notifications(file, Kind.ROOM_SETTLED, case_id, since))


def note_inside(uow: UnitOfWork, room: Room, slack_ids: Iterable[str] | None) -> Room:
    """Note who is inside a room in trouble, as far as the bot knows them; what tells that is made current.

    Without `slack_ids` nobody can know.
    """
    uow.lock_case(room.case_id)
    members = room.members if slack_ids is None else _known(uow, slack_ids)
    noted = uow.change(room, members=members, doubts=0)
    uow.enqueue(standing_notification(room.case_id))
    return noted


def note_left(uow: UnitOfWork, former: FormerRoom, inside: Iterable[str], *, emptied: bool) -> None:
    """Note how far a room has been emptied that is not the case's any more."""
    uow.lock_case(former.case_id)
    stored = uow.get(FormerRoom, former.id)
    if stored is None:
        return
    members, emptied_at = _known(uow, inside), uow.now if emptied else None
    if (members, emptied_at) != (stored.members, stored.emptied_at):
        uow.change(stored, members=members, emptied_at=emptied_at)
        uow.enqueue(standing_notification(former.case_id))


def _known(uow: UnitOfWork, slack_ids: Iterable[str]) -> tuple[str, ...]:
    people = map(uow.person_by_slack, slack_ids)
    return tuple(sorted(person.id for person in people if person is not None))


def tell_of_left_out(uow: UnitOfWork, file: CaseFile, before: Iterable[str]) -> None:
    """To the coordinators, once: whom Slack does not let into the room. It goes when they are in."""
    now, then = set(file.room.left_out or ()), set(before)
    for seat in file.seats:
        if seat.person_id in now - then and file.opens_room(seat):
            uow.enqueue(*coordinator_notifications(file, Kind.NOT_LET_IN, seat.id))
    if then - now:
        uow.enqueue(standing_notification(file.case.id))


def bare_rooms(uow: UnitOfWork, file: CaseFile) -> None:
    """Leave of the former rooms of a case that is deleted what is kept: codes, and years."""
    for former in file.former_rooms:
        emptied = None if former.emptied_at is None else year_alone(file.team, former.emptied_at)
        uow.change(former, left_at=year_alone(file.team, former.left_at), emptied_at=emptied)

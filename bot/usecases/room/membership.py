"""People who come into rooms and leave them."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.access import Action
from bot.domain.case.entities import Case, Room, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import LastCoordinator, NoLongerAsked
from bot.domain.notifications import Kind, Notification, Occurrence
from bot.usecases.authorization import CaseContext, enter_seat
from bot.usecases.involvement.agencies import end_part
from bot.usecases.notifications import coordinator_notifications
from bot.usecases.ports import UnitOfWork, file_of_channel
from bot.usecases.room.trouble import room_changed

#: Within so long the alert of one case that somebody has no right to its room is one.
ONE_ALERT = timedelta(minutes=10)


def someone_joined(uow: UnitOfWork, channel_id: str, slack_id: str) -> None:
    """Someone is in a room: without a right they are removed, and the coordinators are alerted."""
    file = file_of_channel(uow, channel_id)
    if file is None:
        return
    person = uow.person_by_slack(slack_id)
    if file.room.trouble is not None:
        room_changed(uow, channel_id)
        return
    if person is not None and person.id in file.room_people():
        return
    uow.change(file.room, doubts=file.room.doubts + 1)
    uow.enqueue(*intruder_alerts(uow, file))
    uow.case_changed(file.case.id)


def intruder_alerts(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    """To the coordinators: somebody without a right was in the room.

    Who is let in again and again is one finding: alerts that come by the dozen are no longer read.
    """
    when = Occurrence(str(int(uow.now.timestamp() // ONE_ALERT.total_seconds())))
    return coordinator_notifications(file, Kind.INTRUDER, file.case.id, when)


def belongs(uow: UnitOfWork, channel_id: str, slack_id: str) -> bool:
    """Return whether this is a room, and somebody who belongs in it."""
    file = file_of_channel(uow, channel_id)
    person = uow.person_by_slack(slack_id)
    return file is not None and person is not None and person.id in file.room_people()


def app_wrote(uow: UnitOfWork, channel_id: str, slack_id: str | None, *, found: bool) -> None:
    """An app or a workflow has written in a room; `found`: what may not be there, which the room is told.

    One that has a user of its own writes in a closed room as its member, and is taken out as any other
    without a right. Each is told once an hour.
    """
    file = file_of_channel(uow, channel_id)
    if file is None:
        return
    hour = f"app-{uow.now:%Y%m%d%H}"
    if slack_id is not None:
        someone_joined(uow, channel_id, slack_id)
    if found:
        uow.enqueue(Notification(Kind.APP_WROTE, file.case.id, case_id=file.case.id, params=Occurrence(hour)))


def someone_left(uow: UnitOfWork, channel_id: str, slack_id: str, event: str) -> None:
    """Someone has left a room: a seat holder is asked whether the part is over."""
    file = file_of_channel(uow, channel_id)
    if file is not None and file.room.kick_refused:
        # Whom Slack does not let the bot remove may have been taken out by hand.
        room_changed(uow, channel_id)
    person = uow.person_by_slack(slack_id)
    if file is None or person is None or person.id not in file.room_people():
        return
    if person.id in file.room.members:
        uow.change(file.room, members=tuple(m for m in file.room.members if m != person.id))
    if not file.open or file.room.trouble is not None:
        return
    uow.enqueue(
        *(
            Notification(
                Kind.SEAT_LEFT, seat.id, case_id=file.case.id, recipient=person.id, params=Occurrence(event)
            )
            for seat in file.seats_of(person.id)
            if file.opens_room(seat)
        )
    )


def come_back(uow: UnitOfWork, actor: Person, seat_id: str) -> None:
    """Bring me back into the room, says whoever left it."""
    here, _ = _enter_left(uow, actor, seat_id)
    uow.change(here.file.room, doubts=here.file.room.doubts + 1)
    uow.case_changed(here.file.case.id)


def leave_case(uow: UnitOfWork, actor: Person, seat_id: str) -> None:
    """My part is over, says whoever left the room: with the agency's last seat its part ends."""
    leave(*_enter_left(uow, actor, seat_id), SeatEnd.LEFT)


def _enter_left(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat]:
    here, seat = enter_seat(uow, actor, Action.LEAVE, seat_id)
    if not seat.live:
        raise NoLongerAsked
    return here, seat


def leave(here: CaseContext, seat: Seat, end: SeatEnd) -> None:
    """End one seat; if the agency has none left, its part in the case ends."""
    uow, file = here.uow, here.file
    if seat.role is SeatRole.COORDINATOR and file.confirmed_coordinators() == [seat.person_id]:
        raise LastCoordinator
    if seat.role is SeatRole.AGENCY and seat.involvement_id is not None:
        others = [s for s in file.seats_for(seat.involvement_id) if s.id != seat.id]
        if not others:
            end_part(here, file.involvement(seat.involvement_id), end)
            return
    end_seat_of(uow, file, seat, end)


def end_seat_of(uow: UnitOfWork, file: CaseFile, seat: Seat, end: SeatEnd) -> None:
    uow.change(seat, ended_at=uow.now, end=end)
    if seat.role is SeatRole.COORDINATOR and file.case.offered_to == seat.person_id:
        uow.change(file.case, offered_to=None)
    for ask in file.asks_of_seat(seat):
        uow.change(ask, withdrawn_at=uow.now)


def check_rooms(uow: UnitOfWork, case_id: str) -> None:
    """Have the rooms of a case compared with Slack: hourly, and after every new connection.

    One that Slack has refused to make is tried again.
    """
    for room in uow.find(Room, archived=False, case_id=case_id):
        case = uow.get(Case, room.case_id)
        if case is None or case.purged_at is not None:
            continue
        if room.channel_id is not None:
            uow.change(room, doubts=room.doubts + 1)
        uow.enqueue(Notification(Kind.ROOM, room.case_id, case_id=room.case_id))

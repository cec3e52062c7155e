"""Events in a room that nobody asked the bot about: someone joins, leaves, or is deactivated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import Room, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Coordinator, Person
from bot.domain.errors import LastCoordinator, NoLongerAsked
from bot.domain.notification_params import Occurrence
from bot.domain.notifications import Kind, Notification
from bot.usecases.authorization import CaseContext, enter_seat
from bot.usecases.directory.coordinators import seat_coordinator
from bot.usecases.involvement.agencies import end_part
from bot.usecases.notifications import (
    call_lists,
    coordinator_notifications,
    home_notification,
    note_change,
)
from bot.usecases.ports import UnitOfWork, case_files

#: Within so long the alert of one case that somebody has no right to its room is one.
ONE_ALERT = timedelta(minutes=10)


def someone_joined(uow: UnitOfWork, channel_id: str, slack_id: str) -> None:
    """Someone is in a room: without a right they are removed, and the coordinators are alerted."""
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
    if file is None:
        return
    person = uow.person_by_slack(slack_id)
    if person is not None and person.id in file.room_people():
        return
    uow.change(file.room, doubts=file.room.doubts + 1)
    # Who is let in again and again is one finding: alerts that come by the dozen are no longer read.
    when = Occurrence(str(int(uow.now.timestamp() // ONE_ALERT.total_seconds())))
    uow.case_changed(file.case.id, *alert(file, Kind.INTRUDER, when))


def someone_left(uow: UnitOfWork, channel_id: str, slack_id: str, event: str) -> None:
    """Someone has left a room: a seat holder is asked whether the part is over."""
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
    person = uow.person_by_slack(slack_id)
    if file is None or person is None or person.id not in file.room_people():
        return
    if person.id in file.room.members:
        uow.change(file.room, members=tuple(m for m in file.room.members if m != person.id))
    if not file.open:
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


def alert(file: CaseFile, kind: Kind, occurrence: Occurrence) -> list[Notification]:
    """An alert to every coordinator of the case."""
    return coordinator_notifications(file, kind, file.case.id, occurrence)


@dataclass(frozen=True, slots=True)
class AnswerLeft:
    """Answer to «is your part over?»: `stays` brings the person back into the room."""

    seat_id: str
    stays: bool


def answer_left(uow: UnitOfWork, actor: Person, command: AnswerLeft) -> None:
    """Take the answer of somebody who left the room.

    Staying invites them back. Otherwise their seat ends, and with the agency's last seat its part.

    Raises:
        NotAllowed: the seat is somebody else's.
        NoLongerAsked: it has ended.
        LastCoordinator: nobody else coordinates the case.
    """
    here, seat = enter_seat(uow, actor, Action.LEAVE, command.seat_id)
    if not seat.live:
        raise NoLongerAsked
    if command.stays:
        uow.change(here.file.room, doubts=here.file.room.doubts + 1)
        note_change(uow, here.file, about=[seat.id])
        return
    leave(here, seat, SeatEnd.LEFT)


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
    _end_seat(uow, file, seat, end)
    _tell_of_gap(uow, here.file, seat.person_id)


def _end_seat(uow: UnitOfWork, file: CaseFile, seat: Seat, end: SeatEnd) -> None:
    uow.change(seat, ended_at=uow.now, end=end)
    for ask in file.asks_of_seat(seat):
        uow.change(ask, withdrawn_at=uow.now)


def _tell_of_gap(uow: UnitOfWork, file: CaseFile, person_id: str) -> None:
    """Tell that somebody's seat has ended: for whom they were to stand in, nobody comes now."""
    withdrawn = {a.deputy_for for a in file.asks if a.person_id == person_id and a.withdrawn_at == uow.now}
    note_change(
        uow,
        file,
        *(
            each
            for ask in file.asks
            if ask.live
            and ask.id in withdrawn
            and duty_state(file, file.duty(ask.duty_id)) is DutyState.DECLINED
            for each in coordinator_notifications(file, Kind.DECLINED_ALONE, ask.id)
        ),
        *call_lists(file),
        person_id=person_id,
    )


def account_changed(uow: UnitOfWork, slack_id: str, *, deactivated: bool) -> None:
    """Slack says that an account is (no longer) deactivated; a deactivated person's seats end.

    A coordinator who is back is asked to confirm taushetsplikt in each open case anew. Home, which Slack lets
    nobody change while the account is gone, still shows the cases of that time to whoever is back.
    """
    person = uow.person_by_slack(slack_id)
    if person is None or person.deactivated == deactivated:
        return
    uow.change(person, deactivated=deactivated)
    if not deactivated:
        if person.home:
            uow.enqueue(home_notification(person.id))
        for post in uow.find(Coordinator, person_id=person.id, until=None):
            seat_coordinator(uow, post.team_id, person.id)
        # Asked by mail or telephone meanwhile, they may have confirmed: the room opens to them now.
        for case_id in uow.cases_with(person.id):
            uow.case_changed(case_id)
        return
    for file in case_files(uow, uow.cases_with(person.id), closed_too=True):
        for seat in file.seats_of(person.id):
            _end_seat(uow, file, seat, SeatEnd.DEACTIVATED)
        _tell_of_gap(uow, uow.current(file), person.id)


def check_rooms(uow: UnitOfWork) -> None:
    """Have every room compared with Slack: daily, and after every new connection."""
    for room in uow.find(Room, archived=False):
        if room.channel_id is not None:
            uow.change(room, doubts=room.doubts + 1)
            uow.enqueue(Notification(Kind.ROOM, room.case_id, case_id=room.case_id))

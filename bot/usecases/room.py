"""Events in a room that nobody asked the bot about: someone joins, leaves, or is deactivated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.access import Action
from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import FormerRoom, Room, RoomTrouble, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Coordinator, Person
from bot.domain.errors import LastCoordinator, NoLongerAsked, NothingHere, ReviewOutdated
from bot.domain.notification_params import At, Occurrence
from bot.domain.notifications import Kind, Notification
from bot.domain.room import room_reminders
from bot.usecases.authorization import CaseContext, enter_case, enter_seat
from bot.usecases.directory.coordinators import seat_coordinator
from bot.usecases.involvement.agencies import end_part
from bot.usecases.notifications import (
    call_lists,
    coordinator_notifications,
    home_notification,
    note_change,
    refresh,
)
from bot.usecases.ports import Posted, UnitOfWork, case_files


def someone_joined(uow: UnitOfWork, channel_id: str, slack_id: str, event: str) -> None:
    """Someone is in a room: without a right they are removed, and the coordinators are alerted."""
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
    if file is None:
        return
    person = uow.person_by_slack(slack_id)
    if file.room.trouble is not None:
        room_changed(uow, channel_id)
        return
    if person is not None and person.id in file.room_people():
        return
    uow.change(file.room, doubts=file.room.doubts + 1)
    uow.case_changed(file.case.id, *alert(file, Kind.INTRUDER, Occurrence(event)))


def someone_left(uow: UnitOfWork, channel_id: str, slack_id: str, event: str) -> None:
    """Someone has left a room: a seat holder is asked whether the part is over."""
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
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


def room_changed(uow: UnitOfWork, channel_id: str) -> None:
    """Something has happened to a room as a whole: Slack is asked what it is now."""
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
    if file is not None:
        uow.change(file.room, doubts=file.room.doubts + 1)
        uow.enqueue(Notification(Kind.ROOM, file.case.id, case_id=file.case.id))


def bot_joined(uow: UnitOfWork, channel_id: str) -> None:
    """The bot is in a room: it has made it, or it has been let in again."""
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
    if file is not None and file.room.trouble is not None:
        room_changed(uow, channel_id)


def note_trouble(uow: UnitOfWork, room: Room, trouble: RoomTrouble | None) -> Room:
    """Note what is wrong with a room, or (None) that nothing is any more, and tell the coordinators.

    Messages that show the way to it are made current.
    """
    uow.lock_case(room.case_id)
    noted = uow.change(
        room,
        trouble=trouble,
        trouble_at=uow.now if trouble is not None else None,
        doubts=room.doubts + 1,
        kick_refused=False,
        left_out=None,
    )
    file = uow.case_file(room.case_id)
    if file is not None:
        told = [r for r in room_reminders(file) if r.due_at == noted.trouble_at]
        uow.case_changed(file.case.id, *told, *_settled(file, room), *_direct_messages(uow, file))
    return noted


def _settled(file: CaseFile, before: Room) -> list[Notification]:
    """To the coordinators: that there is a closed room again."""
    if file.room.trouble is not None or before.trouble_at is None:
        return []
    return coordinator_notifications(file, Kind.ROOM_SETTLED, file.case.id, At(before.trouble_at))


def _direct_messages(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    posted = uow.find(Posted, case_id=file.case.id)
    return [refresh(each) for each in posted if each.person_id is not None]


def note_inside(uow: UnitOfWork, room: Room, slack_ids: Iterable[str] | None) -> Room:
    """Note who is inside a room in trouble, as far as the bot knows them; what tells that is made current.

    Without `slack_ids` nobody can know.
    """
    uow.lock_case(room.case_id)
    members = room.members if slack_ids is None else _known(uow, slack_ids)
    noted = uow.change(room, members=members, doubts=0)
    uow.enqueue(*standing_alerts(uow, room.case_id))
    return noted


def standing_alerts(uow: UnitOfWork, case_id: str) -> list[Notification]:
    """What stands of a room in trouble: who is inside may be others by now, and a later one may be due."""
    return [refresh(posted) for posted in uow.find(Posted, case_id=case_id, kind=Kind.ROOM_TROUBLE)]


def note_left(uow: UnitOfWork, former: FormerRoom, inside: Iterable[str], *, emptied: bool) -> None:
    """Note how far a room has been emptied that is not the case's any more."""
    uow.lock_case(former.case_id)
    stored = uow.get(FormerRoom, former.id)
    if stored is None:
        return
    members, emptied_at = _known(uow, inside), uow.now if emptied else None
    if (members, emptied_at) != (stored.members, stored.emptied_at):
        uow.change(stored, members=members, emptied_at=emptied_at)
        told = uow.find(Posted, case_id=former.case_id, kind=Kind.ROOM_SETTLED)
        uow.enqueue(*map(refresh, told))


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
        uow.enqueue(*map(refresh, uow.find(Posted, case_id=file.case.id, kind=Kind.NOT_LET_IN)))


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A new room, and a new code, for a case whose room is in trouble. `seen` stands for the people shown."""

    case_id: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class NewRoomReview:
    """Those who are let into the new room: all who have confirmed taushetsplikt for the case."""

    file: CaseFile
    people: tuple[str, ...]

    @property
    def seen(self) -> str:
        return sha256("\n".join(self.people).encode()).hexdigest()[:16]


def review_new_room(uow: UnitOfWork, actor: Person, command: NewRoom) -> NewRoomReview:
    """Name those who would be let in. Changes nothing.

    Raises:
        NotAllowed: no right, or no such case.
        NothingHere: the room is not in trouble, or not any more.
    """
    here = enter_case(uow, actor, Action.NEW_ROOM, command.case_id, closed_too=True)
    if here.file.room.trouble is None or here.file.case.going:
        raise NothingHere(what="trouble")
    return NewRoomReview(here.file, tuple(sorted(here.file.room_people())))


def make_new_room(uow: UnitOfWork, actor: Person, command: NewRoom) -> None:
    """Let the case go on in a new room under a new code; the old channel is left to be emptied.

    Raises:
        NotAllowed, NothingHere: as the review.
        ReviewOutdated: others would be let in than those shown.
    """
    review = review_new_room(uow, actor, command)
    if review.seen != command.seen:
        raise ReviewOutdated
    file = review.file
    case, room = file.case, file.room
    if room.channel_id is not None:
        former = FormerRoom(uow.ids.new(), case.id, case.code, room.channel_id, uow.now, room.members)
        uow.add(former)
    uow.change(case, code=uow.ids.code())
    uow.change(
        room,
        channel_id=None,
        name=None,
        members=(),
        doubts=room.doubts + 1,
        kick_refused=False,
        trouble=None,
        trouble_at=None,
        left_out=None,
    )
    again = _stood_in_room(uow, file)
    file = uow.current(file)
    uow.case_changed(case.id, *again, *_settled(file, room), *_direct_messages(uow, file))


def _stood_in_room(uow: UnitOfWork, file: CaseFile) -> list[Notification]:
    """What stands in the old room, to be posted in the new one. There it stays known, until it is deleted."""
    here = file.room.channel_id
    posted = [p for p in uow.find(Posted, case_id=file.case.id) if p.channel_id == here]
    for each in posted:
        uow.change(each, key=f"former:{each.id}")
    return [refresh(each) for each in posted if each.kind is not Kind.ROOM]


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
    """Have every room compared with Slack: hourly, and after every new connection."""
    for room in uow.find(Room, archived=False):
        if room.channel_id is not None:
            uow.change(room, doubts=room.doubts + 1)
            uow.enqueue(Notification(Kind.ROOM, room.case_id, case_id=room.case_id))

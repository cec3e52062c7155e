"""Events that nobody asked the bot about: in a room someone joins or leaves, an account is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import Room, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.errors import LastCoordinator, NoLongerAsked
from bot.domain.notification_params import At, Occurrence
from bot.domain.notifications import Kind, Notification
from bot.usecases.authorization import CaseContext, enter_seat
from bot.usecases.directory.coordinators import end_coordinator, seat_coordinator
from bot.usecases.involvement.agencies import end_part
from bot.usecases.involvement.replacement import replace_gone
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


def belongs(uow: UnitOfWork, channel_id: str, slack_id: str) -> bool:
    """Return whether this is a room, and somebody who belongs in it."""
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
    person = uow.person_by_slack(slack_id)
    return file is not None and person is not None and person.id in file.room_people()


def app_wrote(uow: UnitOfWork, channel_id: str, slack_id: str | None, *, found: bool) -> None:
    """An app or a workflow has written in a room; `found`: what may not be there, which the room is told.

    One that has a user of its own writes in a closed room as its member, and is taken out as any other
    without a right. Each is told once an hour.
    """
    case_id = uow.case_of_channel(channel_id)
    file = uow.case_file(case_id) if case_id else None
    if file is None:
        return
    hour = f"app-{uow.now:%Y%m%d%H}"
    if slack_id is not None:
        someone_joined(uow, channel_id, slack_id)
    if found:
        uow.enqueue(Notification(Kind.APP_WROTE, file.case.id, case_id=file.case.id, params=Occurrence(hour)))


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


def _tell_of_gap(uow: UnitOfWork, file: CaseFile, person_id: str, *more: Notification) -> None:
    """Tell that somebody's seat has ended: for whom they were to stand in, nobody comes now.

    `more` is told with it.
    """
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
        *more,
        about=(n.subject for n in more),
        person_id=person_id,
    )


def account_changed(uow: UnitOfWork, slack_id: str, *, deactivated: bool, guest: bool = False) -> bool:
    """Slack says what an account is now: a deactivated person's seats end, and a guest coordinates nothing.

    One that belongs to another workspace now is as good as deactivated. Where a contact is gone, the agency's
    next one is asked. A guest stays a contact, and has to be appointed anew to coordinate. Returns whether a
    team has lost its last coordinator on Slack.

    A coordinator who is back is asked to confirm taushetsplikt in each open case anew. Home, which Slack lets
    nobody change while the account is gone, still shows the cases of that time to whoever is back.
    """
    person = uow.person_by_slack(slack_id)
    if person is None:
        return False
    posts = uow.find(Coordinator, person_id=person.id, until=None)
    lost = posts if guest or (deactivated and not person.deactivated) else []
    if guest:
        for post in posts:
            end_coordinator(uow, post)
    told: set[str | None] = set()
    if person.deactivated != deactivated:
        person = uow.change(person, deactivated=deactivated)
        if deactivated:
            told = _lose_seats(uow, person)
        else:
            _come_back(uow, person)
    alone = [_tell_coordinators(uow, post, person, but=told) for post in lost]
    return any(alone)


def registered_accounts(uow: UnitOfWork) -> list[str]:
    """Slack ids of those who coordinate a team, or are an agency's contact."""
    ids = {c.person_id for c in uow.find(Coordinator, until=None)}
    ids |= {c.person_id for c in uow.find(Contact, retired=False)}
    people = uow.find(Person, id=sorted(ids)) if ids else []
    return [p.slack_id for p in people if p.slack_id is not None]


def _come_back(uow: UnitOfWork, person: Person) -> None:
    if person.home:
        uow.enqueue(home_notification(person.id))
    for post in uow.find(Coordinator, person_id=person.id, until=None):
        seat_coordinator(uow, post.team_id, person.id)
    # Asked by mail or telephone meanwhile, they may have confirmed: the room opens to them now.
    for case_id in uow.cases_with(person.id):
        uow.case_changed(case_id)


def _lose_seats(uow: UnitOfWork, person: Person) -> set[str | None]:
    """End the person's seats, and ask the agencies' next contacts. Return the coordinators told of it."""
    told: set[str | None] = set()
    for file in case_files(uow, uow.cases_with(person.id), closed_too=True):
        seats = file.seats_of(person.id)
        for seat in seats:
            _end_seat(uow, file, seat, SeatEnd.DEACTIVATED)
        notifications = [n for seat in seats for n in replace_gone(uow, uow.current(file), seat)]
        told |= {n.recipient for n in notifications if n.kind is Kind.CONTACT_GONE}
        _tell_of_gap(uow, uow.current(file), person.id, *notifications)
    return told


def _tell_coordinators(uow: UnitOfWork, post: Coordinator, gone: Person, *, but: set[str | None]) -> bool:
    """Tell a team that somebody coordinates it no more, and a guest that they do not.

    `but` are those who have been told by the same event that the account is gone. Returns whether nobody on
    Slack is left.
    """
    ids = [c.person_id for c in uow.coordinators(post.team_id) if c.person_id != gone.id]
    left = [p.id for p in uow.find(Person, id=ids) if p.on_slack] if ids else []
    uow.enqueue(
        *(
            Notification(Kind.COORDINATOR_GONE, post.id, recipient=person_id, params=At(uow.now))
            for person_id in (*left, *([gone.id] if gone.on_slack else []))
            if person_id not in but
        )
    )
    return not left


def check_rooms(uow: UnitOfWork) -> None:
    """Have every room compared with Slack: daily, and after every new connection."""
    for room in uow.find(Room, archived=False):
        if room.channel_id is not None:
            uow.change(room, doubts=room.doubts + 1)
            uow.enqueue(Notification(Kind.ROOM, room.case_id, case_id=room.case_id))

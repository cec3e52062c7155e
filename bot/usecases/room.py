"""The rooms of cases: people and accounts that come and go, trouble with a room, a new room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.case.entities import FormerRoom, Room, RoomTrouble, Seat, SeatEnd, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import in_order
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.errors import Refusal, Refused
from bot.domain.notifications import At, Kind, Notification, Occurrence
from bot.domain.overview.told import tell
from bot.domain.report.yearly import start_of_year
from bot.usecases.authorization import CaseContext, enter_case, enter_seat
from bot.usecases.directory.coordinators import end_coordinator, refresh_team, seat_in_open_cases
from bot.usecases.involvement.agencies import end_part, replace_gone
from bot.usecases.involvement.summons import note_return
from bot.usecases.notifications import (
    home_notification,
    homes_notifications,
    refresh,
    standing_notification,
)
from bot.usecases.ports import Posted, UnitOfWork, case_files, file_of_channel


def room_changed(uow: UnitOfWork, channel_id: str) -> None:
    """Ask Slack for the state of a room to which something has happened as a whole.

    This includes a former room of a case: it may now be possible to empty it.
    """
    file = file_of_channel(uow, channel_id)
    if file is not None:
        uow.change(file.room, doubts=file.room.doubts + 1)
        uow.enqueue(Notification(Kind.ROOM, file.case.id, case_id=file.case.id))
        return
    for former in uow.find(FormerRoom, channel_id=channel_id, emptied_at=None):
        uow.enqueue(Notification(Kind.ROOM, former.case_id, case_id=former.case_id))


def bot_joined(uow: UnitOfWork, channel_id: str) -> None:
    """Handle that the bot is in a room: it has made the room, or has been let in again."""
    file = file_of_channel(uow, channel_id)
    if file is None or file.room.trouble is not None:
        room_changed(uow, channel_id)


def note_trouble(uow: UnitOfWork, room: Room, trouble: RoomTrouble | None) -> Room:
    """Note the trouble with a room, or (None) that it is over."""
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
    """Link earlier messages to the case's new channel; tell the coordinators if it replaces another."""
    file = uow.case_file(case_id)
    if file is None:
        return
    uow.enqueue(*homes_notifications(file), standing_notification(case_id))
    if file.former_rooms:
        since = At(max(former.left_at for former in file.former_rooms))
        uow.enqueue(*tell(file, Kind.ROOM_SETTLED, file.case, since))


def note_inside(uow: UnitOfWork, room: Room, slack_ids: Iterable[str] | None) -> Room:
    """Note who is inside a room in trouble, as far as the bot knows them, and update the messages about it.

    Without `slack_ids` it is unknown.
    """
    members = room.members if slack_ids is None else _known(uow, slack_ids)
    noted = uow.change(room, members=members, doubts=0)
    uow.enqueue(standing_notification(room.case_id))
    return noted


def note_left(uow: UnitOfWork, former: FormerRoom, inside: Iterable[str], *, emptied: bool) -> None:
    """Note how far a former room has been emptied."""
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
    """Tell the coordinators once of people whom Slack does not let into the room, until they are in."""
    now, then = set(file.room.left_out or ()), set(before)
    for seat in file.seats:
        if seat.person_id in now - then and file.opens_room(seat):
            uow.enqueue(*tell(file, Kind.NOT_LET_IN, seat))
    if then - now:
        uow.enqueue(standing_notification(file.case.id))


def reduce_former_rooms(uow: UnitOfWork, file: CaseFile) -> None:
    """Reduce the former rooms of a deleted case to what is kept: codes and years."""
    for former in file.former_rooms:
        emptied = None if former.emptied_at is None else start_of_year(file.team, former.emptied_at)
        uow.change(former, left_at=start_of_year(file.team, former.left_at), emptied_at=emptied)


# --- people who come in and leave ----------------------------------------------------------------


#: Intruder alerts of one case within this time are one alert.
ONE_ALERT = timedelta(minutes=10)


def someone_joined(uow: UnitOfWork, channel_id: str, slack_id: str, *, let_in: bool = False) -> None:
    """Remove somebody who is in a room without a right, and alert the coordinators.

    A person whom the bot itself has `let_in` had the right, and may have lost it since: no alert.
    """
    file = file_of_channel(uow, channel_id)
    if file is None:
        return
    person = uow.person_by_slack(slack_id)
    if file.room.trouble is not None:
        room_changed(uow, channel_id)
        return
    if person is not None and person.id in file.room_people():
        note_return(uow, file, person.id)
        return
    uow.change(file.room, doubts=file.room.doubts + 1)
    uow.enqueue(*() if let_in else intruder_alerts(uow, file))
    uow.case_changed(file.case.id)


def intruder_alerts(uow: UnitOfWork, file: CaseFile) -> Iterator[Notification]:
    """Tell the coordinators that somebody without a right was in the room; the room, if none can be told.

    Repeated entries within `ONE_ALERT` are one alert: alerts that come by the dozen are not read.
    """
    when = Occurrence(str(int(uow.now.timestamp() // ONE_ALERT.total_seconds())))
    return tell(file, Kind.INTRUDER, file.case, when, to=in_order(file) or [None])


def belongs(uow: UnitOfWork, channel_id: str, slack_id: str | None) -> bool | None:
    """Return whether somebody belongs in the room that the channel is; None for any other channel."""
    file = file_of_channel(uow, channel_id)
    if file is None:
        return None
    person = uow.person_by_slack(slack_id) if slack_id is not None else None
    return person is not None and person.id in file.room_people()


def app_wrote(uow: UnitOfWork, channel_id: str, slack_id: str | None, *, found: bool) -> None:
    """Handle what an app or a workflow wrote in a room; the room is told if forbidden content was `found`.

    An app with a user of its own is a member of the closed room, and is removed like anybody without a right.
    The room is told once an hour at most.
    """
    file = file_of_channel(uow, channel_id)
    if file is None:
        return
    hour = f"app-{uow.now:%Y%m%d%H}"
    if slack_id is not None:
        someone_joined(uow, channel_id, slack_id)
    if found:
        uow.enqueue(*tell(file, Kind.APP_WROTE, file.case, Occurrence(hour)))


def someone_left(uow: UnitOfWork, channel_id: str, slack_id: str) -> None:
    """Ask somebody who has left a room whether their part is over; they stay out until they answer."""
    file = file_of_channel(uow, channel_id)
    if file is not None and file.room.kick_refused:
        # People whom Slack does not let the bot remove may have been removed by hand.
        room_changed(uow, channel_id)
    person = uow.person_by_slack(slack_id)
    if file is None or person is None or person.id not in file.room_people():
        return
    if person.id in file.room.members:
        uow.change(file.room, members=tuple(m for m in file.room.members if m != person.id))
    if file.room.trouble is not None:
        return
    for seat in file.seats_of(person.id):
        if file.opens_room(seat):
            uow.change(seat, left_at=uow.now)


def come_back(uow: UnitOfWork, actor: Person, seat_id: str) -> None:
    """Bring a person who left the room back into it."""
    here, _ = _enter_left(uow, actor, seat_id)
    uow.change(here.file().room, doubts=here.file().room.doubts + 1)
    note_return(uow, here.file(), actor.id)


def leave_case(uow: UnitOfWork, actor: Person, seat_id: str) -> None:
    """Say, after leaving the room, that one's part is over; a colleague is asked.

    An agency's part ends with its last seat.
    """
    here, seat = _enter_left(uow, actor, seat_id)
    file = here.file()
    if seat.role is SeatRole.COORDINATOR and in_order(file) == [seat.person_id]:
        raise Refused(Refusal.LAST_COORDINATOR)
    part = seat.involvement_id if seat.role is SeatRole.AGENCY else None
    if part is not None and [s.id for s in file.seats_for(part)] == [seat.id]:
        end_part(here, file.involvement(part), SeatEnd.LEFT)
        return
    end_seat_of(uow, file, seat, SeatEnd.LEFT)
    replace_gone(uow, uow.current(file), seat)


def _enter_left(uow: UnitOfWork, actor: Person, seat_id: str) -> tuple[CaseContext, Seat]:
    here, seat = enter_seat(uow, actor, Action.LEAVE, seat_id)
    if not seat.live:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, seat


def end_seat_of(uow: UnitOfWork, file: CaseFile, seat: Seat, end: SeatEnd) -> None:
    uow.change(seat, ended_at=uow.now, end=end)
    if seat.role is SeatRole.COORDINATOR and file.case.offered_to == seat.person_id:
        uow.change(file.case, offered_to=None)
    for ask in file.asks_of_seat(seat):
        uow.change(ask, withdrawn_at=uow.now)


def check_rooms(uow: UnitOfWork, case_id: str) -> None:
    """Have the rooms of a case compared with Slack: hourly, and after every new connection.

    A room that Slack has refused to make is tried again.
    """
    file = uow.case_file(case_id)
    if file is None or file.case.purged_at is not None or file.room.archived:
        return
    if file.room.channel_id is not None:
        uow.change(file.room, doubts=file.room.doubts + 1)
    uow.enqueue(Notification(Kind.ROOM, case_id, case_id=case_id))


# --- a new room ----------------------------------------------------------------------------------


def see_new_room(uow: UnitOfWork, actor: Person, case_id: str) -> CaseFile:
    """Return the case; all who have confirmed taushetsplikt for it would be let in."""
    file = enter_case(uow, actor, Action.NEW_ROOM, case_id, closed_too=True).file()
    if file.room.trouble is None or file.case.is_being_erased:
        raise Refused(Refusal.NOTHING_HERE, "trouble")
    return file


def make_new_room(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Continue the case in a new room under a new code; the old channel remains to be emptied.

    The coordinators are told once Slack has made the room.
    """
    replace_room(uow, see_new_room(uow, actor, case_id))


def replace_room(uow: UnitOfWork, file: CaseFile) -> None:
    """Give a case another room and another code, and post the old room's messages again."""
    case, room = file.case, file.room
    if room.channel_id is not None:
        uow.add(FormerRoom(uow.ids.new(), case.id, case.code, room.channel_id, uow.now, room.members))
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
    for person_id in file.room_people():
        note_return(uow, file, person_id)
    # Messages in the old room stay known until they are deleted.
    posted = [p for p in uow.find(Posted, case_id=case.id) if p.channel_id == room.channel_id]
    for each in posted:
        uow.change(each, key=f"former:{each.id}")
    uow.enqueue(*(refresh(each) for each in posted if each.kind is not Kind.ROOM))


# --- accounts that go and come back --------------------------------------------------------------


def is_news(uow: UnitOfWork, slack_id: str, deactivated: bool, guest: bool) -> bool:
    """Return whether `account_changed` would change anything."""
    person = uow.person_by_slack(slack_id)
    if person is None:
        return False
    coordinates = guest and bool(uow.find(Coordinator, person_id=person.id, until=None))
    return coordinates or person.deactivated != deactivated


def account_changed(uow: UnitOfWork, slack_id: str, deactivated: bool, guest: bool) -> bool:
    """Apply the state of an account in Slack: a deactivated person's seats end, a guest coordinates nothing.

    An account that moved to another workspace counts as deactivated. If a contact is gone, the agency's next
    contact is asked. A guest stays a contact, and has to be appointed again to coordinate. Return whether a
    team has lost its last coordinator on Slack.

    A coordinator who is back is asked again to confirm taushetsplikt in each open case, and has the closed
    ones as before: their seats there have not ended, as nothing else would bring them back. Slack lets nobody
    change Home while the account is gone, so a person who is back still sees the cases of that time there.
    """
    person = uow.person_by_slack(slack_id)
    if person is None:
        return False
    posts = uow.find(Coordinator, person_id=person.id, until=None)
    lost = posts if guest or (deactivated and not person.deactivated) else []
    if guest:
        for post in posts:
            end_coordinator(uow, post)
    if person.deactivated != deactivated:
        person = uow.change(person, deactivated=deactivated)
        if deactivated:
            _lose_seats(uow, person)
        else:
            _come_back(uow, person)
        for team in uow.teams():
            refresh_team(uow, team.id)
    alone = [_tell_coordinators(uow, post, person) for post in lost]
    return any(alone)


def registered_accounts(uow: UnitOfWork) -> list[str]:
    """Slack ids of those who coordinate a team, or are an agency's contact."""
    ids = {c.person_id for c in uow.find(Coordinator, until=None)}
    ids |= {c.person_id for c in uow.find(Contact, retired=False)}
    return [p.slack_id for p in uow.find(Person, id=sorted(ids)) if p.slack_id is not None]


def _come_back(uow: UnitOfWork, person: Person) -> None:
    if person.home:
        uow.enqueue(home_notification(person.id))
    for post in uow.find(Coordinator, person_id=person.id, until=None):
        seat_in_open_cases(uow, post.team_id, person.id)
    # They may have confirmed by mail or phone meanwhile: the room opens to them now.
    for file in case_files(uow, uow.cases_with(person.id), closed_too=True):
        uow.case_changed(file.case.id)


def _lose_seats(uow: UnitOfWork, person: Person) -> None:
    """End the person's seats in open cases, and ask the agencies' next contacts."""
    for file in case_files(uow, uow.cases_with(person.id), closed_too=True):
        seats = file.seats_of(person.id) if file.open else []
        for seat in seats:
            end_seat_of(uow, file, seat, SeatEnd.DEACTIVATED)
        for seat in seats:
            replace_gone(uow, uow.current(file), seat)
        uow.case_changed(file.case.id)


def _tell_coordinators(uow: UnitOfWork, post: Coordinator, gone: Person) -> bool:
    """Tell a team that a person no longer coordinates it, and tell that person if they are a guest now.

    Return whether no coordinator on Slack is left.
    """
    ids = [c.person_id for c in uow.coordinators(post.team_id) if c.person_id != gone.id]
    left = [p.id for p in uow.find(Person, id=ids) if p.on_slack]
    for id in (*left, *([gone.id] if gone.on_slack else [])):
        uow.enqueue(Notification(Kind.COORDINATOR_GONE, post.id, recipient=id, params=At(uow.now)))
    return not left

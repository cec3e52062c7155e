"""Accounts in Slack that are closed, made guests, or come back: seats, posts, and who is told."""

from __future__ import annotations

from bot.domain.case.entities import SeatEnd
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.notifications import At, Kind, Notification
from bot.usecases.directory.coordinators import end_coordinator, seat_coordinator
from bot.usecases.involvement.replacement import replace_gone
from bot.usecases.news import is_waited_for
from bot.usecases.notifications import asked_notifications, home_notification
from bot.usecases.ports import UnitOfWork, case_files
from bot.usecases.room.membership import end_seat_of


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
    for file in case_files(uow, uow.cases_with(person.id)):
        uow.enqueue(*(each for each in asked_notifications(file) if each.recipient == person.id))
        uow.case_changed(file.case.id)


def _lose_seats(uow: UnitOfWork, person: Person) -> set[str | None]:
    """End the person's seats, and ask the agencies' next contacts. Return the coordinators told of it."""
    told: set[str | None] = set()
    for file in case_files(uow, uow.cases_with(person.id), closed_too=True):
        seats = file.seats_of(person.id)
        for seat in seats:
            end_seat_of(uow, file, seat, SeatEnd.DEACTIVATED)
        for seat in seats:
            replace_gone(uow, uow.current(file), seat)
            if is_waited_for(file, seat.involvement_id, seat.role):
                told.update(uow.current(file).confirmed_coordinators())
        uow.case_changed(file.case.id)
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

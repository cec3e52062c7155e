"""Items outside cases, such as guidance: what they share, to whom they are shown, how they are forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from bot.domain import convening, guidance
from bot.domain.access import Action
from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.drill import Drill, DrillAsk
from bot.domain.errors import Refusal, Refused, refuse
from bot.domain.guidance import Guidance
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.notifications import Kind, Notification
from bot.domain.outside import (
    MOST_OPEN,
    Asked,
    AskedItem,
    AskedView,
    OutsideItem,
    delete_on,
    lapses_at,
    month_of,
)
from bot.usecases.authorization import enter_asked
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.ports import Posted, UnitOfWork

Item = TypeVar("Item", bound=OutsideItem)
KINDS: tuple[type[OutsideItem], ...] = (Guidance, Convening, JointMeeting, Drill)
_KINDS = {kind.word: kind for kind in KINDS}
#: What should be posted about each kind of thing that is asked.
_STANDING: Mapping[type[AskedItem], Callable[[AskedView[Any]], Iterator[Notification]]] = {
    Guidance: guidance.standing,
    Convening: convening.standing,
}


def find_item(uow: UnitOfWork, item: str) -> OutsideItem | None:
    """Return the item that a notification names, as long as it is not purged."""
    word, _, id = item.partition("/")
    found = uow.get(_KINDS[word], id) if word in _KINDS else None
    return None if found is None or found.purged_at is not None else found


def with_team(uow: UnitOfWork, kind: type[Item], id: str) -> tuple[Item, Team] | None:
    """An item and its team as this transaction sees them; None if there is none, or it is being erased.

    From then on it is not shown: messages that are removed from Slack must not be posted again.
    """
    found = uow.get(kind, id)
    team = uow.get(Team, found.team_id) if found is not None else None
    return None if found is None or team is None or found.is_being_erased else (found, team)


def asked_view(kind: type[Asked], uow: UnitOfWork, id: str) -> AskedView[Asked] | None:
    """Something asked as this transaction sees it; None as in `with_team`."""
    found = with_team(uow, kind, id)
    if found is None:
        return None
    asked, team = found
    agency_id = asked.agency_id if isinstance(asked, Convening) else None
    agency = uow.get(Agency, agency_id) if agency_id is not None else None
    return AskedView(asked, team, *people_of(uow, team.id, *asked.people), agency)


def enter_view(
    uow: UnitOfWork, actor: Person, action: Action, kind: type[Asked], id: str
) -> AskedView[Asked]:
    """Let a coordinator of its team do `action` with something asked."""
    found = asked_view(kind, uow, id)
    enter_asked(uow, actor, action, found.team.id if found is not None else None)
    if found is None or not found.asked.open:
        raise Refused(Refusal.ALREADY_CLOSED)
    return found


def askable_teams(uow: UnitOfWork, actor: Person, kind: type[AskedItem]) -> list[Team]:
    _refuse_too_many(uow, actor, kind)
    return uow.teams() or refuse(Refusal.NOTHING_HERE, "directory")


def _refuse_too_many(uow: UnitOfWork, actor: Person, kind: type[AskedItem]) -> None:
    """Limit one person's questions, so that they do not keep the coordinators from everything else."""
    waiting = sum(each.waits for each in uow.find(kind, purged_at=None) if each.asker == actor.id)
    if waiting >= MOST_OPEN:
        raise Refused(Refusal.TOO_MANY_ASKED, n=waiting)


def enter_asking(uow: UnitOfWork, actor: Person, action: Action, team_id: str, kind: type[AskedItem]) -> Team:
    enter_asked(uow, actor, action)
    _refuse_too_many(uow, actor, kind)
    return uow.get(Team, team_id) or refuse(Refusal.NOTHING_HERE, "directory")


def people_of(uow: UnitOfWork, team_id: str, *named: str | None) -> tuple[tuple[str, ...], dict[str, Person]]:
    """Return the ids of the team's coordinators, and a mapping by id of them and the `named` humans."""
    seated = tuple(c.person_id for c in uow.coordinators(team_id))
    ids = sorted({id for id in (*seated, *named) if id is not None})
    return seated, {p.id: p for p in uow.find(Person, id=ids)}


def enqueue_outside_effects(
    uow: UnitOfWork, item: str, people: Iterable[str], *notifications: Notification
) -> None:
    """Enqueue `notifications`, and update all messages about the item and the Homes of these people.

    Every use case that has changed the item calls this once, last.
    """
    asked = {notification.key for notification in notifications}
    current = (refresh(posted) for posted in uow.find(Posted, item=item))
    persons = uow.find(Person, id=sorted(set(people)))
    uow.enqueue(
        *notifications,
        *(notification for notification in current if notification.key not in asked),
        *(home_notification(p.id) for p in persons if p.home),
    )


def follow(uow: UnitOfWork, asked: Asked) -> Asked:
    """Enqueue what follows from the new state of something asked, and return it.

    Once it is closed, only the asker is told anything new: nobody else has to do anything about it.
    """
    now = asked_view(type(asked), uow, asked.id)
    if now is not None:
        told = (each for each in _STANDING[type(asked)](now) if asked.open or each.recipient == asked.asker)
        enqueue_outside_effects(uow, asked.item, [asked.asker, *now.coordinators], *told)
    return asked


def change_asked(uow: UnitOfWork, asked: AskedItem, **changes: Any) -> None:
    follow(uow, uow.change(asked, **changes))


def close_asked(uow: UnitOfWork, asked: AskedItem, team: Team, **outcome: Any) -> None:
    change_asked(uow, asked, closed_at=uow.now, delete_on=delete_on(team, uow.now), **outcome)


def close_lapsed(uow: UnitOfWork, team: Team) -> None:
    """Close what nobody has answered long after it was due, or when nothing has come since the answer."""
    for kind in _STANDING:
        for each in uow.find(kind, team_id=team.id, closed_at=None):
            if lapses_at(each.last_word, team) < uow.now:
                outcome = {"outcome": each.reached} if isinstance(each, Guidance) else {}
                close_asked(uow, each, team, **outcome)


def refresh_asked(uow: UnitOfWork, team_id: str) -> None:
    """Update what is asked of a team after a change of its coordinators or their accounts.

    A coming talk with somebody who has left is off, and its question waits for an answer again.
    """
    ids, persons = people_of(uow, team_id)
    there = {id for id in ids if persons[id].on_slack}
    for each in uow.find(Guidance, team_id=team_id, purged_at=None):
        if each.open and each.talk_at is not None and each.talk_at > uow.now and each.talk_by not in there:
            uow.change(each, talk_at=None, talk_sequence=each.talk_sequence + 1)
    for kind in _STANDING:
        for asked in uow.find(kind, team_id=team_id, purged_at=None):
            follow(uow, asked)


def turn(uow: UnitOfWork, item: str) -> None:
    """Update what is shown of an item, because a time in it has come."""
    found = find_item(uow, item)
    if found is not None:
        people, _ = people_of(uow, found.team_id)
        enqueue_outside_effects(uow, item, (*people, *filter(None, named(uow, found))))


def items_with_deletion_date(uow: UnitOfWork) -> list[OutsideItem]:
    """Return all items that have a deletion date, and are not purged."""
    there = (each for kind in KINDS for each in uow.find(kind, purged_at=None))
    return [each for each in there if each.delete_on is not None]


def forget_if_due(uow: UnitOfWork, of: OutsideItem) -> None:
    """Have an item forgotten if its date has come, in its team's zone; Slack is emptied first."""
    team = uow.get(Team, of.team_id)
    if team is not None and of.delete_on is not None and of.delete_on <= team.day_of(uow.now):
        uow.enqueue(Notification(Kind.FORGET, of.id, item=of.item))


def begin_forgetting(uow: UnitOfWork, item: str) -> OutsideItem | None:
    """Note when forgetting an item began, and return the item; None if it is not to be forgotten."""
    found = find_item(uow, item)
    if found is None or found.delete_on is None:
        return None
    return found if found.erasing_since is not None else uow.change(found, erasing_since=uow.now)


def forget_item(uow: UnitOfWork, item: str) -> None:
    """Reduce an item to what is counted and destroy its key, once none of its messages are left in Slack."""
    found = find_item(uow, item)
    team = uow.get(Team, found.team_id) if found is not None else None
    if found is None or team is None or found.delete_on is None:
        return
    _, persons = people_of(uow, team.id, *named(uow, found))
    uow.enqueue(*(home_notification(p.id) for p in persons.values() if p.home))
    for posted in uow.find(Posted, item=item):
        uow.remove(posted)
    if isinstance(found, Drill):
        keep_reached(uow, found, team)
    began = month_of(getattr(found, found.blurred[0]), team) if found.blurred else uow.now
    uow.change(found, **dict.fromkeys((*found.blurred, "purged_at"), began))
    uow.audit(AuditEntry(Event.PURGED, BOT, item))
    uow.erase(item)


def named(uow: UnitOfWork, of: OutsideItem) -> frozenset[str | None]:
    """Return the ids of all people whom an item names, including those invited or asked."""
    asked: list[JointInvitation] | list[DrillAsk] = []
    if isinstance(of, JointMeeting):
        asked = uow.find(JointInvitation, joint_id=of.id)
    elif isinstance(of, Drill):
        asked = uow.find(DrillAsk, drill_id=of.id)
    return frozenset((*of.people, *(each.person_id for each in asked)))


def keep_reached(uow: UnitOfWork, drill: Drill, team: Team) -> None:
    """Note on each role of a person the month in which a drill reached them, from the next day on."""
    today = team.day_of(uow.now)
    asks = uow.find(DrillAsk, drill_id=drill.id)
    months = {a.person_id: a.reached_on.replace(day=1) for a in asks if a.reached_on and a.reached_on < today}
    agencies = [a for a in uow.agencies(team.id) if not a.reached_by_coordinator] if months else []
    for contact in (c for agency in agencies for c in uow.contacts(agency.id)):
        month = months.get(contact.person_id)
        if month is not None and (contact.last_reached is None or contact.last_reached < month):
            uow.change(contact, last_reached=month)

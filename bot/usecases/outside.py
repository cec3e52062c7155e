"""What the things outside cases have in common: whom they are shown to, and that they are forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.convening import Convening
from bot.domain.directory.entities import Person, Team
from bot.domain.guidance import Guidance
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting
from bot.domain.notifications import Kind, Notification
from bot.domain.outside import month_of
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.ports import Posted, UnitOfWork

ExternalItem = Guidance | Convening | JointMeeting
_KINDS: dict[str, type[Guidance] | type[Convening] | type[JointMeeting]] = {
    "guidance": Guidance,
    "convening": Convening,
    "joint": JointMeeting,
}


def find_item(uow: UnitOfWork, item: str) -> ExternalItem | None:
    """What a notification names, as long as it is not purged."""
    word, _, id = item.partition("/")
    found = uow.get(_KINDS[word], id) if word in _KINDS else None
    return None if found is None or found.purged_at is not None else found


def coordinator_ids(uow: UnitOfWork, team_id: str) -> list[str]:
    """Those who coordinate the team now."""
    return [c.person_id for c in uow.coordinators(team_id)]


def people_of(uow: UnitOfWork, team_id: str, *named: str | None) -> tuple[tuple[str, ...], dict[str, Person]]:
    """Those who coordinate the team now, and by id the humans who are `named`, and they themselves."""
    seated = tuple(coordinator_ids(uow, team_id))
    ids = sorted({id for id in (*seated, *named) if id is not None})
    return seated, {p.id: p for p in uow.find(Person, id=ids)}


def delete_on(uow: UnitOfWork, team: Team) -> date:
    """The day on which what is closed now is deleted."""
    today = uow.now.astimezone(ZoneInfo(team.zone)).date()
    return today + timedelta(days=team.rules.outside_retention_days)


def enqueue_outside_effects(
    uow: UnitOfWork, item: str, people: Iterable[str], *notifications: Notification
) -> None:
    """Leave `notifications`, and make current all that stands about it and the Homes of these people.

    To be called once, last, by every use case that has changed it.
    """
    asked = {notification.key for notification in notifications}
    standing = (refresh(posted) for posted in uow.find(Posted, item=item))
    persons = uow.find(Person, id=sorted(set(people)))
    uow.enqueue(
        *notifications,
        *(notification for notification in standing if notification.key not in asked),
        *(home_notification(p.id) for p in persons if p.home),
    )


def plan_forgetting(uow: UnitOfWork) -> None:
    """Have each forgotten whose deletion date has come, in its team's zone: Slack is emptied first."""
    for team in uow.teams():
        today = uow.now.astimezone(ZoneInfo(team.zone)).date()
        for kind in _KINDS.values():
            for each in uow.find(kind, team_id=team.id, purged_at=None):
                if each.delete_on is not None and each.delete_on <= today:
                    uow.enqueue(Notification(Kind.FORGET, each.id, item=each.item))


def forget_item(uow: UnitOfWork, item: str) -> None:
    """Strip it to what is counted and destroy its key, when nothing of the bot's is left in Slack."""
    found = find_item(uow, item)
    team = uow.get(Team, found.team_id) if found is not None else None
    if found is None or team is None or found.delete_on is None:
        return
    people = {*coordinator_ids(uow, team.id), *_people_of(uow, found)}
    uow.enqueue(*(home_notification(p.id) for p in uow.find(Person, id=sorted(people)) if p.home))
    for posted in uow.find(Posted, item=item):
        uow.remove(posted)
    _strip(uow, found, team)
    uow.audit(AuditEntry(Event.PURGED, BOT))
    uow.erase_item(item)


def _people_of(uow: UnitOfWork, found: ExternalItem) -> set[str]:
    if isinstance(found, JointMeeting):
        return {i.person_id for i in uow.find(JointInvitation, joint_id=found.id)}
    return {found.asker}


def _strip(uow: UnitOfWork, found: ExternalItem, team: Team) -> None:
    if isinstance(found, JointMeeting):
        for entry in uow.find(JointEntry, joint_id=found.id):
            uow.remove(entry)
        for invitation in uow.find(JointInvitation, joint_id=found.id):
            uow.remove(invitation)
        uow.change(found, purged_at=uow.now)
        return
    month = month_of(found.asked_at, team)
    if isinstance(found, Guidance):
        uow.change(
            found,
            asked_at=month,
            due_at=month,
            answered_at=None,
            talk_at=None,
            talk_invited_at=None,
            closed_at=month,
            delete_on=None,
            purged_at=month,
        )
    else:
        uow.change(found, asked_at=month, due_at=month, decided_at=month, delete_on=None, purged_at=month)

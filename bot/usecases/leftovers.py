"""Hand messages that Slack does not let the bot delete to the coordinators, who say when they are cleared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.directory.entities import Person, Team
from bot.domain.errors import Refusal, Refused
from bot.domain.leftovers import Leftovers
from bot.domain.notifications import Day, Kind, Notification
from bot.usecases.authorization import enter_team
from bot.usecases.notifications import refresh
from bot.usecases.ports import Posted, UnitOfWork


def hand_over(uow: UnitOfWork, team_id: str, links: Sequence[str]) -> bool:
    """Send the coordinators the list of what is left; return whether the key may be destroyed.

    It may once the list is posted to one of them in Slack, or nobody of them is on Slack, or the day on which
    the list was noted is over.
    """
    team = uow.get(Team, team_id)
    if team is None:
        return True
    today = team.day_of(uow.now)
    earlier = (each for each in uow.find(Leftovers, team_id=team_id, cleared=False))
    noted = next((each for each in earlier if set(each.links) & set(links)), None)
    if noted is None:
        noted = Leftovers(uow.ids.new(), team_id, today, tuple(links))
        uow.add(noted)
    elif noted.links != tuple(links):
        noted = uow.change(noted, links=tuple(links))
    uow.enqueue(*_told(uow, noted))
    waited_for = bool(_readers(uow, noted)) and noted.noted_on == today
    return not waited_for or bool(uow.find(Posted, subject=noted.id, case_id=None))


def _readers(uow: UnitOfWork, noted: Leftovers) -> list[str]:
    people = uow.find(Person, id=[c.person_id for c in uow.coordinators(noted.team_id)])
    return [person.id for person in people if person.on_slack]


def standing(uow: UnitOfWork, noted: Leftovers) -> list[Notification]:
    """Return the list for the current coordinators, and a reminder each later morning until it is cleared."""
    team = uow.get(Team, noted.team_id)
    if team is None:
        return []
    today = team.day_of(uow.now)
    day = today if uow.now >= team.morning(today) else today - timedelta(days=1)
    due = [None] if noted.cleared or day <= noted.noted_on else [None, Day(day)]
    return [
        Notification(Kind.LEFT_STANDING, noted.id, recipient=reader, params=each)
        for reader in _readers(uow, noted)
        for each in due
    ]


def _told(uow: UnitOfWork, noted: Leftovers) -> list[Notification]:
    """Return the list as it is now, and removals of those posted to others or on an earlier morning."""
    now = standing(uow, noted)
    keys = {each.key for each in now}
    posted = (refresh(each) for each in uow.find(Posted, subject=noted.id, case_id=None))
    return [*now, *(each for each in posted if each.key not in keys)]


def clear_leftovers(uow: UnitOfWork, actor: Person, leftovers_id: str) -> None:
    """Note that a list is cleared away or dealt with; its links are deleted."""
    noted = uow.get(Leftovers, leftovers_id)
    enter_team(uow, actor, Action.CLEAR_LEFTOVERS, noted.team_id if noted is not None else "")
    if noted is None or noted.cleared:
        raise Refused(Refusal.NO_LONGER_ASKED)
    uow.enqueue(*_told(uow, uow.change(noted, links=(), cleared=True)))


def keep_leftovers(uow: UnitOfWork) -> None:
    """Delete links that are too old, and lists that are dealt with; remind of the rest once a day."""
    for team in uow.teams():
        today = team.day_of(uow.now)
        for noted in uow.find(Leftovers, team_id=team.id):
            if not noted.cleared or today >= noted.links_until:
                uow.enqueue(*_told(uow, noted))
            if noted.cleared and today >= noted.links_until:
                uow.remove(noted)
            elif noted.links and today >= noted.links_until:
                uow.change(noted, links=())

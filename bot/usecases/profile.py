"""A person's own language, Home and log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.access import Action
from bot.domain.audit import Logged
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.domain.notification_params import Occurrence
from bot.domain.notifications import Kind, Notification
from bot.usecases.authorization import enter_case, teams_of
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.ports import Database, Posted, UnitOfWork


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: Language


def set_language(uow: UnitOfWork, actor: Person, command: SetLanguage) -> Person:
    """Remember the choice, and make what stands in the person's direct messages current in it."""
    person = stored(uow, actor)
    person = uow.change(person, language=command.language)
    if person.home:
        uow.enqueue(home_notification(person.id))
    for posted in uow.find(Posted, person_id=person.id):
        uow.enqueue(refresh(posted))
    return person


def open_home(uow: UnitOfWork, actor: Person) -> None:
    """The person looks at Home: publish it now, and keep it current from here on."""
    person = stored(uow, actor)
    if not person.home:
        uow.change(person, home=True)
    uow.enqueue(home_notification(person.id))


def cases_at_home(uow: UnitOfWork, person: Person) -> list[CaseFile]:
    """Return the cases in a person's Home: their own, and all of the teams that they coordinate."""
    of_teams = (id for team in teams_of(uow, person) for id in uow.cases_of_team(team.id))
    files = map(uow.case_file, dict.fromkeys([*uow.cases_with(person.id), *of_teams]))
    return [file for file in files if file is not None and not file.case.going]


def see_home(uow: UnitOfWork, actor: Person) -> None:
    """Log the cases that somebody sees who opens Home; what is pushed to it later is nobody's act.

    Not in the transaction of `open_home`, which writes the person: the entries lie beside no person's row.
    """
    for file in cases_at_home(uow, actor):
        enter_case(uow, actor, Action.SEE_HOME, file.case.id, closed_too=True)


def show_open_asks(uow: UnitOfWork, actor: Person, message: str) -> None:
    """Answer somebody who writes to the bot: what waits for them with its buttons, or the help.

    `message` identifies the message that is being answered.
    """
    person = stored(uow, actor)
    uow.enqueue(Notification(Kind.OPEN_ASKS, person.id, recipient=person.id, params=Occurrence(message)))


def stored(uow: UnitOfWork, actor: Person) -> Person:
    """The person as the directory has them; somebody new is kept from here on."""
    known = uow.get(Person, actor.id)
    if known is None:
        uow.add(actor)
        return actor
    return known


#: As many as fit into one answer in Slack.
NEWEST = 30


async def own_log(database: Database, actor: Person) -> tuple[ZoneInfo, Sequence[Logged]]:
    """The newest entries by or about the person, and the zone in which to tell when."""
    zone = await database.read(zone_of)
    return zone, await database.log.of_person(actor.id, NEWEST)


def zone_of(uow: UnitOfWork) -> ZoneInfo:
    """Return the zone for what is of no team: the first team's."""
    teams = uow.teams()
    return ZoneInfo(teams[0].zone if teams else "Europe/Oslo")

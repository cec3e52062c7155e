"""A person's own language, Home and log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.audit import Logged
from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.domain.notification_params import Occurrence
from bot.domain.notifications import Kind, Notification
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.ports import Database, Posted, UnitOfWork


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: Language


def set_language(uow: UnitOfWork, actor: Person, command: SetLanguage) -> Person:
    """Remember the choice, and make what stands in the person's direct messages current in it."""
    person = stored(uow, actor)
    person = uow.change(person, language=command.language, language_on=uow.now.date())
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

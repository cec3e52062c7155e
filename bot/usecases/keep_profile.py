"""What a person keeps for themselves: their language, and whether they look at Home."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.case import Seat
from bot.domain.directory import Contact, Language, Person
from bot.domain.intents import Intent, Kind
from bot.usecases.consequences import again, home
from bot.usecases.door import teams_of
from bot.usecases.ports import Posted, UnitOfWork


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The language that the bot is to use with this person."""

    language: Language


def set_language(uow: UnitOfWork, actor: Person, command: SetLanguage) -> Person:
    """Remember the choice, and make what stands in the person's direct messages current in it."""
    person = _stored(uow, actor)
    person = uow.change(person, language=command.language)
    if person.home:
        uow.enqueue(home(person.id))
    for posted in uow.find(Posted, person_id=person.id):
        uow.enqueue(again(posted))
    return person


def open_home(uow: UnitOfWork, actor: Person) -> None:
    """The person looks at Home: publish it now, and keep it current from here on."""
    person = _stored(uow, actor)
    if not person.home:
        uow.change(person, home=True)
    uow.enqueue(home(person.id))


def show_open_asks(uow: UnitOfWork, actor: Person, mark: str) -> bool:
    """Answer somebody who writes to the bot: what waits for them, with its buttons.

    Returns False when the person is unknown to the bot, so that the help is given instead. `mark`
    identifies the message that is being answered.
    """
    if uow.get(Person, actor.id) is None:
        return False
    known = (
        bool(teams_of(uow, actor))
        or bool(uow.find(Contact, person_id=actor.id, retired=False))
        or bool(uow.find(Seat, person_id=actor.id, ended_at=None))
    )
    if known:
        uow.enqueue(Intent(Kind.OPEN_ASKS, actor.id, recipient=actor.id, once=True, mark=mark))
    return known


def _stored(uow: UnitOfWork, actor: Person) -> Person:
    stored = uow.get(Person, actor.id)
    if stored is None:
        uow.add(actor)
        return actor
    return stored

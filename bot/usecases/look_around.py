"""What a person can do, and where: for the help and for the command without a word."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.directory import Contact, Person
from bot.usecases.door import could_enter_room
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Around:
    """The person's roles, whether the channel is the room of a case that they coordinate, and whom to ask."""

    coordinates: bool
    contact: bool
    in_room: bool
    coordinators: tuple[Person, ...]


def look_around(uow: UnitOfWork, actor: Person, channel_id: str | None) -> Around:
    """Where the person stands. A stranger learns nothing of a channel."""
    seated = dict.fromkeys(c.person_id for team in uow.teams() for c in uow.coordinators(team.id))
    people = {p.id: p for p in uow.find(Person, id=list(seated))}
    coordinates = actor.id in seated
    return Around(
        coordinates=coordinates,
        contact=bool(uow.find(Contact, person_id=actor.id, retired=False, waits=False)),
        in_room=coordinates
        and channel_id is not None
        and could_enter_room(uow, actor, Action.CALL_MEETING, channel_id),
        coordinators=tuple(people[id] for id in seated if id in people),
    )

"""A person's possibilities, and where they have them: for the help and for the command without a word."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action, Right, allowed
from bot.domain.case.entities import Seat
from bot.domain.directory.entities import Contact, Coordinator, Person, Team
from bot.usecases.authorization import could_do
from bot.usecases.ports import UnitOfWork

#: All that a coordinator may do in a case once they have confirmed.
_AS_COORDINATOR = allowed(frozenset({Right.CASE_COORDINATOR}))


@dataclass(frozen=True, slots=True)
class Around:
    """The person's roles, whom to ask, and the teams there are; by the access table what they may do in the
    case whose room the channel is (nothing where it is none of theirs), and what in the room of some case.
    """

    coordinates: bool
    contact: bool
    here: frozenset[Action]
    in_rooms: frozenset[Action]
    coordinators: tuple[Person, ...]
    teams: tuple[Team, ...]


def look_around(uow: UnitOfWork, actor: Person, channel_id: str | None) -> Around:
    """Return the person's surroundings. A stranger learns nothing of a channel."""
    teams = tuple(uow.teams())
    seated = dict.fromkeys(c.person_id for team in teams for c in uow.coordinators(team.id))
    people = {p.id: p for p in uow.find(Person, id=list(seated))}
    coordinates = actor.id in seated
    case_id = uow.case_of_channel(channel_id) if channel_id is not None else None
    own = (could_do(uow, actor, id) for id in uow.cases_with(actor.id))
    return Around(
        coordinates=coordinates,
        contact=bool(uow.find(Contact, person_id=actor.id, retired=False, waits=False)),
        here=could_do(uow, actor, case_id),
        in_rooms=_AS_COORDINATOR if coordinates else frozenset[Action]().union(*own),
        coordinators=tuple(people[id] for id in seated if id in people),
        teams=teams,
    )


def is_registered(uow: UnitOfWork, person: Person) -> bool:
    """Return whether the person is a contact, a coordinator or has a seat: then a guest counts too."""
    of_agencies = (c for c in uow.find(Contact, person_id=person.id, retired=False) if not c.waits)
    return (
        any(of_agencies)
        or bool(uow.find(Coordinator, person_id=person.id, until=None))
        or bool(uow.find(Seat, person_id=person.id, ended_at=None))
    )

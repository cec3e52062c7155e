"""Add persons to an open case; they get the letters that follow."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case import letters
from bot.domain.directory import Person
from bot.domain.errors import Invalid, NotAllowed, NothingHere, Problem
from bot.domain.intents import Intent, Kind
from bot.usecases.consequences import settle
from bot.usecases.door import Here, enter_case, enter_room
from bot.usecases.open_case import MOST_PERSONS
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class AddPersons:
    """How many more persons, and the agencies' parts that cover them too, by involvement id."""

    case_id: str
    number: int
    parts: tuple[str, ...] = ()


def see_growable(uow: UnitOfWork, actor: Person, channel_id: str) -> Here:
    """The case, for the form that adds persons.

    Raises:
        NothingHere: there is no letter left.
    """
    here = enter_room(uow, actor, Action.ADD_PERSONS, channel_id)
    if here.file.case.persons >= MOST_PERSONS:
        raise NothingHere(what="letter")
    return here


def add_persons(uow: UnitOfWork, actor: Person, command: AddPersons) -> None:
    """Add the persons. Nobody is told but the room: that the case is about them too.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        Invalid: none, or more than there are letters.
    """
    here = enter_case(uow, actor, Action.ADD_PERSONS, command.case_id)
    case = here.file.case
    most = MOST_PERSONS - case.persons
    if not 1 <= command.number <= most:
        raise Invalid(Problem("number", "invalid.more-persons", {"most": str(most)}))
    parts = {i.id: i for i in here.file.involvements if i.ended_at is None}
    if not set(command.parts) <= set(parts):
        raise NotAllowed
    grown = case.persons + command.number
    new = letters(grown)[case.persons :]
    uow.change(case, persons=grown)
    for part_id in command.parts:
        uow.change(parts[part_id], persons=parts[part_id].persons + new)
    settle(
        uow,
        case.id,
        Intent(Kind.PERSONS_CHANGED, case.id, case_id=case.id, mark=f"added.{new}"),
    )

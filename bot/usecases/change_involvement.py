"""Change for which persons, why and on which ground an agency is in the case."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case import Involvement
from bot.domain.directory import Ground, Person, Reason
from bot.domain.errors import NoLongerAsked
from bot.usecases.consequences import settle
from bot.usecases.door import Here, enter_involvement
from bot.usecases.guarded import check_persons
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ChangeInvolvement:
    """The agency's part as it should be."""

    involvement_id: str
    persons: str
    reason: Reason
    ground: Ground


def see_involvement(uow: UnitOfWork, actor: Person, involvement_id: str) -> tuple[Here, Involvement]:
    """An agency's part, for the form that changes it."""
    here, involvement = enter_involvement(uow, actor, Action.CHANGE_INVOLVEMENT, involvement_id)
    if involvement.ended_at is not None:
        raise NoLongerAsked
    return here, involvement


def change_involvement(uow: UnitOfWork, actor: Person, command: ChangeInvolvement) -> None:
    """Record the change; nobody is told but by the card.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        NoLongerAsked: the agency's part is over.
        Invalid: no person, or one that the case does not have.
    """
    here, involvement = see_involvement(uow, actor, command.involvement_id)
    persons = check_persons(here.file.open_letters, command.persons)
    uow.change(involvement, persons=persons, reason=command.reason, ground=command.ground)
    settle(uow, here.file.case.id)

"""Change who coordinates a team, in one act: somebody new, somebody out, or both."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.directory import Person
from bot.domain.errors import Invalid, NothingHere, Problem
from bot.usecases.door import enter_team, who
from bot.usecases.keep_coordinators import Appoint, Relieve, appoint, relieve
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ChangeCoordinators:
    """Slack ids of who is to coordinate the team from now on, and of who no longer is."""

    team_id: str
    appoint: str | None = None
    relieve: str | None = None


def change_coordinators(uow: UnitOfWork, actor: Person, command: ChangeCoordinators) -> None:
    """Appoint first, so that a team of one can change hands.

    Raises:
        CoordinatorsOnly, LastCoordinator: as `appoint` and `relieve`.
        Invalid: nobody is named, or the one to relieve does not coordinate the team.
    """
    enter_team(uow, actor, Action.KEEP_COORDINATORS, command.team_id)
    if command.appoint is None and command.relieve is None:
        raise Invalid(Problem("appoint", "invalid.nobody"))
    if command.appoint is not None:
        appoint(uow, actor, Appoint(command.team_id, command.appoint))
    if command.relieve is not None:
        try:
            relieve(uow, actor, Relieve(command.team_id, who(uow, command.relieve).id))
        except NothingHere:
            raise Invalid(Problem("relieve", "invalid.not-a-coordinator")) from None

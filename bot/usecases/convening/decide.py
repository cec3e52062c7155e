"""Decide whether TOT convenes: yes by opening a case, no with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.convening import Convening, NotConvened
from bot.domain.directory import Person, Team
from bot.usecases.convening.standing import enter_convening, settle
from bot.usecases.outside import delete_on
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Decline:
    """Why TOT is not convened."""

    convening_id: str
    reason: NotConvened


def decline_to_convene(uow: UnitOfWork, actor: Person, command: Decline) -> None:
    """No, with a reason, which the one who asked is told.

    Raises:
        NotAllowed, AlreadyClosed: as `enter_convening`.
    """
    found = enter_convening(uow, actor, Action.DECIDE_CONVENING, command.convening_id)
    _decide(uow, found.convening, found.team, actor.id, command.reason)


def convened(uow: UnitOfWork, convening: Convening, team: Team, coordinator_id: str) -> None:
    """Yes: a case was opened because of it; the two are not linked."""
    if convening.open:
        _decide(uow, convening, team, coordinator_id, None)


def _decide(
    uow: UnitOfWork, convening: Convening, team: Team, person_id: str, reason: NotConvened | None
) -> None:
    uow.change(
        convening,
        convened=reason is None,
        reason=reason,
        decided_at=uow.now,
        decided_by=person_id,
        delete_on=delete_on(uow, team),
    )
    settle(uow, convening.id)

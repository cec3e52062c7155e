"""A coordinator takes a case, by one tap or by acting in it: the others are alerted later."""

from __future__ import annotations

from bot.domain.access import Action, Right
from bot.domain.case.entities import SeatRole
from bot.domain.directory.entities import Person
from bot.usecases.authorization import CaseContext, enter_case
from bot.usecases.notifications import note_change
from bot.usecases.ports import UnitOfWork


def take_case(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Take a case over, or say that one is at it. Again is once more: the others wait anew.

    Raises:
        NotAllowed: not a coordinator who has confirmed for this case.
        CaseIsClosed: it is closed.
    """
    here = enter_case(uow, actor, Action.TAKE_CASE, case_id)
    note_acting(here)
    seats = [s.id for s in here.file.seats if s.role is SeatRole.COORDINATOR]
    note_change(uow, here.file, about=seats)


def note_acting(here: CaseContext) -> None:
    """Note that a coordinator acts in the case, and so has it."""
    if Right.CASE_COORDINATOR in here.rights:
        here.uow.change(here.file.case, in_charge=here.actor.id, in_charge_at=here.uow.now)

"""A coordinator takes a case, by a tap or by acting in it, or gives it to another, who then taps."""

from __future__ import annotations

from bot.domain.access import Action, Right
from bot.domain.coordinating import in_charge, may_be_given_to
from bot.domain.directory.entities import Person
from bot.domain.errors import Refusal, Refused, refuse
from bot.usecases.authorization import CaseContext, enter_case
from bot.usecases.ports import UnitOfWork


def take_case(uow: UnitOfWork, actor: Person, case_id: str) -> None:
    """Take a case over, or say that one is at it. A repeated tap makes the others wait again."""
    here = enter_case(uow, actor, Action.TAKE_CASE, case_id)
    note_acting(here)


def note_acting(here: CaseContext) -> None:
    """Note that a coordinator acts in the case, and so has it; an offer by another holder lapses.

    So does somebody who is asked to take it over, by confirming taushetsplikt.
    """
    case, actor = here.file().case, here.actor.id
    if Right.CASE_COORDINATOR in here.rights or case.offered_to == actor:
        lapses = case.offered_to == actor or actor != in_charge(here.file())
        offered = None if lapses else case.offered_to
        here.uow.change(case, in_charge=actor, in_charge_at=here.uow.now, offered_to=offered)


def see_giving(uow: UnitOfWork, actor: Person, case_id: str) -> tuple[CaseContext, list[str]]:
    """The case, and the other coordinators (by person id) to whom it can be given."""
    here = enter_case(uow, actor, Action.GIVE_CASE, case_id)
    people = may_be_given_to(here.file()) or refuse(Refusal.NOTHING_HERE, "coordinator")
    return here, [person for person in people if person != actor.id]


def give_case(uow: UnitOfWork, actor: Person, case_id: str, *, to: str | None) -> None:
    """Ask another coordinator (by person id) to take the case over; None: nobody is asked any more.

    The holder keeps the case until the other takes it.
    """
    file = enter_case(uow, actor, Action.GIVE_CASE, case_id).file()
    if to is not None and to not in may_be_given_to(file):
        raise Refused(Refusal.NO_LONGER_ASKED)
    uow.change(file.case, offered_to=to)

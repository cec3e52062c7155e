"""The same door, for what has been agreed in a case: needs, actions, placements, deadlines.

Through it come those that are open: one that has ended raises `NoLongerAsked`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from bot.domain.access import Action
from bot.domain.case_action import CaseAction
from bot.domain.directory import Person
from bot.domain.errors import NoLongerAsked
from bot.domain.need import CaseNeed
from bot.domain.placement import Deadline, DeadlineKind, Placement
from bot.usecases.door import Here, enter_case, no_such_thing
from bot.usecases.ports import UnitOfWork

Agreed = TypeVar("Agreed", CaseAction, Placement, Deadline)


def enter_action(uow: UnitOfWork, actor: Person, action: Action, action_id: str) -> tuple[Here, CaseAction]:
    """Let the person do `action` with what an agency has said that it will do."""
    agreed = uow.get(CaseAction, action_id)
    if agreed is None:
        raise no_such_thing(uow, actor)
    here = enter_case(uow, actor, action, agreed.case_id, own_part=agreed.involvement_id)
    return here, _still_open(here.file.actions, action_id)


def enter_need(uow: UnitOfWork, actor: Person, need_id: str) -> CaseNeed:
    """The need that somebody is about to take; whether they may is asked with the part that takes it."""
    need = uow.get(CaseNeed, need_id)
    if need is None:
        raise no_such_thing(uow, actor)
    return need


def enter_placement(
    uow: UnitOfWork, actor: Person, action: Action, placement_id: str
) -> tuple[Here, Placement]:
    """Let the person do `action` with a placement."""
    placement = uow.get(Placement, placement_id)
    if placement is None:
        raise no_such_thing(uow, actor)
    here = enter_case(uow, actor, action, placement.case_id)
    return here, _still_open(here.file.placements, placement_id)


def enter_deadline(uow: UnitOfWork, actor: Person, deadline_id: str) -> tuple[Here, Deadline]:
    """Let the person keep a date: an agency's own its people, a reflection period the coordinators."""
    deadline = uow.get(Deadline, deadline_id)
    if deadline is None:
        raise no_such_thing(uow, actor)
    own = deadline.kind is DeadlineKind.OWN
    action = Action.KEEP_OWN_DEADLINE if own else Action.KEEP_REFLECTION
    here = enter_case(uow, actor, action, deadline.case_id, own_part=deadline.involvement_id)
    return here, _still_open(here.file.deadlines, deadline_id)


def _still_open(found: Iterable[Agreed], id: str) -> Agreed:
    """The one that is meant as it stands in the case, which is held now."""
    one = next((each for each in found if each.id == id), None)
    if one is None or not one.open:
        raise NoLongerAsked
    return one

"""Give an action another owner, or another day.

The action ends without an outcome, and one that follows it stands in its place: its owner's people are told
and reminded as of a new one, and the report counts how it ended for whoever had it then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.access import Action
from bot.domain.agreed import may_take_over, persons_left
from bot.domain.case import Involvement
from bot.domain.case_action import CaseAction
from bot.domain.case_file import CaseFile
from bot.domain.directory import Person
from bot.domain.errors import Invalid, NothingHere, Problem
from bot.usecases.actions import add_action, current_part, owned_by
from bot.usecases.consequences import about_posted
from bot.usecases.door import Here, enter_case
from bot.usecases.door_of_agreed import enter_action
from bot.usecases.guarded import Warn, day_problems, day_warning
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ChangeAction:
    """Whose the action is to be, by the agency's part, and when it is due."""

    action_id: str
    involvement_id: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ChangeReview:
    """What is about to be changed, and what is pointed out about its day."""

    file: CaseFile
    action: CaseAction
    command: ChangeAction
    warning: Warn | None


def see_changeable(
    uow: UnitOfWork, actor: Person, action_id: str
) -> tuple[Here, CaseAction, list[Involvement]]:
    """For the form: an open action, and the parts of the agencies whose this person can make it.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        NoLongerAsked: it has ended, or was changed meanwhile.
        NothingHere: its owner has left, and no other agency is in the case for the same persons.
    """
    here, action = enter_action(uow, actor, Action.CHANGE_ACTION, action_id)
    parts = [
        i for i in owned_by(here) if i.id == action.involvement_id or may_take_over(here.file, action, i)
    ]
    if not parts:
        raise NothingHere(what="owner")
    return here, action, parts


def review_change(uow: UnitOfWork, actor: Person, command: ChangeAction) -> ChangeReview:
    """Check what is filled in. Changes nothing.

    Raises:
        NotAllowed: no right to the action, or none to agree one for the new owner.
        CaseIsClosed: as every action in a case.
        NoLongerAsked: it has ended, was changed meanwhile, or the new owner's part is over.
        Invalid: every field that cannot stand.
    """
    here, action = enter_action(uow, actor, Action.CHANGE_ACTION, command.action_id)
    file = here.file
    problems = day_problems("due_on", file, command.due_on, uow.now)
    if command.involvement_id != action.involvement_id:
        enter_case(uow, actor, Action.AGREE_ACTION, file.case.id, own_part=command.involvement_id)
    part = current_part(file, command.involvement_id)
    if part.id != action.involvement_id and not may_take_over(file, action, part):
        left = ", ".join(persons_left(file, action))
        problems.append(Problem("involvement", "invalid.owner-persons", {"persons": left}))
    if (part.id, command.due_on) == (action.involvement_id, action.due_on):
        problems.append(Problem("due_on", "invalid.nothing-changed"))
    if problems:
        raise Invalid(*problems)
    return ChangeReview(file, action, command, day_warning(command.due_on))


def change_action(uow: UnitOfWork, actor: Person, command: ChangeAction) -> CaseAction:
    """Make the change; its new owner's people are told, and what stood with the old one's is put right.

    Raises:
        As `review_change`.
    """
    review = review_change(uow, actor, command)
    file, old = review.file, review.action
    uow.change(old, ended_at=uow.now, ended_by=actor.id)
    stays = command.involvement_id == old.involvement_id
    new = replace(
        old,
        id=uow.ids.new(),
        involvement_id=command.involvement_id,
        persons=old.persons if stays else persons_left(file, old),
        due_on=command.due_on,
        agreed_at=uow.now,
        agreed_by=actor.id,
        follows=old.id,
    )
    add_action(uow, file, new, *about_posted(uow, file, subjects=frozenset({old.id})))
    return new

"""Agree an action, give it another owner or day, and say how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.access import Action, Right
from bot.domain.actions import (
    likely_due,
    may_take_over,
    open_actions,
    parts_of,
    persons_left,
)
from bot.domain.case.actions import CaseAction, Outcome
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, NoLongerAsked, NothingHere, Problem
from bot.usecases.authorization import CaseContext, enter_action, enter_case, enter_room
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import Warn, check_persons, check_text, day_problems, day_warning

LONGEST_ACTION = 120


@dataclass(frozen=True, slots=True)
class AgreeAction:
    """An agency's promise, by its part: one of the needs, or else a short text."""

    case_id: str
    involvement_id: str
    persons: str
    due_on: date
    need: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ActionReview:
    file: CaseFile
    command: AgreeAction
    warning: Warn | None


def see_agreeable(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseContext, list[Involvement]]:
    """For the form: whose actions this person can agree on from this room."""
    return _agreeable(enter_room(uow, actor, Action.SEE_ACTIONS, channel_id))


def see_agreeable_in(uow: UnitOfWork, actor: Person, case_id: str) -> tuple[CaseContext, list[Involvement]]:
    """The same, from a button."""
    return _agreeable(enter_case(uow, actor, Action.SEE_ACTIONS, case_id))


def _agreeable(here: CaseContext) -> tuple[CaseContext, list[Involvement]]:
    parts = owned_by(here)
    if not parts:
        raise NothingHere(what="part", room=here.file.room.channel_id or "")
    return here, parts


def owned_by(here: CaseContext) -> list[Involvement]:
    """The parts for which the person may agree: a coordinator all, others those of their own agencies."""
    if Right.CASE_COORDINATOR in here.rights:
        return list(here.file.current())
    return parts_of(here.file, here.actor.id)


def review_action(uow: UnitOfWork, actor: Person, command: AgreeAction) -> ActionReview:
    """Check what is filled in. Changes nothing."""
    here = enter_case(uow, actor, Action.AGREE_ACTION, command.case_id, own_part=command.involvement_id)
    part = current_part(here.file, command.involvement_id)
    problems: list[Problem] = []
    text = ""
    try:
        text = check_text("text", command.text, uow.now, LONGEST_ACTION)
        _check_covered(part.persons, command.persons)
    except Invalid as error:
        problems.extend(error.problems)
    if command.need is not None and command.need not in needs_of(here.file):
        problems.append(Problem("need", "invalid.need"))
    if command.need is None and not command.text.strip():
        problems.append(Problem("text", "invalid.no-action"))
    problems.extend(day_problems("due_on", here.file, command.due_on, uow.now))
    if problems:
        raise Invalid(*problems)
    persons = check_persons(here.file.case.letters, command.persons)
    proposed = command.due_on == likely_due(here.file, uow.now)
    warning = None if proposed else day_warning(command.due_on)
    return ActionReview(here.file, replace(command, persons=persons, text=text), warning)


def current_part(file: CaseFile, involvement_id: str) -> Involvement:
    """The part of an agency that is to own an action."""
    part = next((i for i in file.current() if i.id == involvement_id), None)
    if part is None:
        raise NoLongerAsked
    return part


def _check_covered(of_part: str, persons: str) -> None:
    if not persons or set(persons) - set(of_part):
        raise Invalid(Problem("persons", "invalid.persons-of-part", {"persons": ", ".join(of_part)}))


def needs_of(file: CaseFile) -> list[str]:
    """Return the needs to choose from: the team's list, and those of the case that are no longer in it."""
    return list(dict.fromkeys([*file.team.rules.needs, *(n.need for n in file.needs)]))


def agree_action(uow: UnitOfWork, actor: Person, command: AgreeAction, review: ActionReview) -> CaseAction:
    """Write the action down; its owner's people are told, and reminded."""
    checked = review.command
    action = CaseAction(
        id=uow.ids.new(),
        case_id=checked.case_id,
        involvement_id=checked.involvement_id,
        persons=checked.persons,
        due_on=checked.due_on,
        agreed_at=uow.now,
        agreed_by=actor.id,
        need=checked.need,
        text=checked.text,
    )
    uow.add(action)
    return action


def see_endable(uow: UnitOfWork, actor: Person, case_id: str) -> tuple[CaseContext, list[CaseAction]]:
    """All that is open in the case, and of it what this person may end."""
    here = enter_case(uow, actor, Action.SEE_ACTIONS, case_id)
    own = {i.id for i in parts_of(here.file, actor.id)}
    coordinates = Right.CASE_COORDINATOR in here.rights
    return here, [a for a in open_actions(here.file) if coordinates or a.involvement_id in own]


def see_action(uow: UnitOfWork, actor: Person, action_id: str) -> tuple[CaseContext, CaseAction]:
    return enter_action(uow, actor, Action.END_ACTION, action_id)


def end_action(uow: UnitOfWork, actor: Person, action_id: str, *, outcome: Outcome) -> None:
    """Say how an action ended; only the owner agency and the coordinators may."""
    _, action = see_action(uow, actor, action_id)
    uow.change(action, outcome=outcome, ended_at=uow.now)


@dataclass(frozen=True, slots=True)
class ChangeAction:
    """The action with its new owner, by the agency's part, its new day, and its wording if it is reworded."""

    action_id: str
    involvement_id: str
    due_on: date
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeReview:
    file: CaseFile
    action: CaseAction
    command: ChangeAction
    warning: Warn | None


def see_changeable(
    uow: UnitOfWork, actor: Person, action_id: str
) -> tuple[CaseContext, CaseAction, list[Involvement]]:
    """For the form: an open action, and the parts of the agencies whose this person can make it."""
    here, action = enter_action(uow, actor, Action.CHANGE_ACTION, action_id)
    parts = [
        i for i in owned_by(here) if i.id == action.involvement_id or may_take_over(here.file, action, i)
    ]
    if not parts:
        raise NothingHere(what="owner")
    return here, action, parts


def review_change(uow: UnitOfWork, actor: Person, command: ChangeAction) -> ChangeReview:
    """Check what is filled in. Changes nothing."""
    here, action = enter_action(uow, actor, Action.CHANGE_ACTION, command.action_id)
    file = here.file
    problems = day_problems("due_on", file, command.due_on, uow.now)
    text, wrong = _reworded(uow, action, command.text)
    problems.extend(wrong)
    if command.involvement_id != action.involvement_id:
        enter_case(uow, actor, Action.AGREE_ACTION, file.case.id, own_part=command.involvement_id)
    part = current_part(file, command.involvement_id)
    if part.id != action.involvement_id and not may_take_over(file, action, part):
        left = ", ".join(persons_left(file, action))
        problems.append(Problem("involvement", "invalid.owner-persons", {"persons": left}))
    if (part.id, command.due_on, text) == (action.involvement_id, action.due_on, action.text):
        problems.append(Problem("due_on", "invalid.nothing-changed"))
    if problems:
        raise Invalid(*problems)
    return ChangeReview(file, action, replace(command, text=text), day_warning(command.due_on))


def _reworded(uow: UnitOfWork, action: CaseAction, text: str | None) -> tuple[str, list[Problem]]:
    """The new wording, and what is wrong with it. One that is a need has none of its own."""
    if text is None or action.need is not None:
        return action.text, []
    try:
        text = check_text("text", text, uow.now, LONGEST_ACTION)
    except Invalid as error:
        return action.text, list(error.problems)
    return text, [] if text else [Problem("text", "invalid.no-action")]


def change_action(uow: UnitOfWork, actor: Person, command: ChangeAction, review: ChangeReview) -> CaseAction:
    """Make the change; its new owner's people are told, and what stood with the old one's is put right.

    New words take the place of the old ones, which are kept nowhere; where nothing else is changed the action
    stays the same, and nobody is told.
    """
    file, old, text = review.file, review.action, review.command.text or ""
    stays = command.involvement_id == old.involvement_id
    if stays and command.due_on == old.due_on:
        return uow.change(old, text=text)
    uow.change(old, text=text, ended_at=uow.now)
    new = replace(
        old,
        id=uow.ids.new(),
        involvement_id=command.involvement_id,
        persons=old.persons if stays else persons_left(file, old),
        due_on=command.due_on,
        text=text,
        agreed_at=uow.now,
        agreed_by=actor.id,
        follows=old.id,
    )
    uow.add(new)
    return new


AGREE_ACTION = ReviewedCommand(
    AgreeAction, review_action, agree_action, lambda review: [review.command.involvement_id]
)
CHANGE_ACTION = ReviewedCommand(
    ChangeAction,
    review_change,
    change_action,
    lambda review: [review.action.involvement_id, review.command.involvement_id],
)

"""Dates that are reminded of: an agency's own, and a person's reflection period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.access import Action, Right
from bot.domain.agreed import parts_of
from bot.domain.case import Involvement
from bot.domain.case_file import CaseFile
from bot.domain.directory import Person
from bot.domain.errors import Invalid, NotAllowed, Problem
from bot.domain.placement import Deadline, DeadlineKind
from bot.usecases.actions import LONGEST_ACTION
from bot.usecases.consequences import about_posted, settle
from bot.usecases.door import Here, enter_case, enter_room
from bot.usecases.door_of_agreed import enter_deadline
from bot.usecases.guarded import Warn, check_text, day_problems, day_warning
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """A date: an agency's own names its part and a short text, a reflection period the person by letter."""

    case_id: str
    kind: DeadlineKind
    due_on: date
    involvement_id: str | None = None
    person: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineReview:
    """What is about to be set, and what is pointed out about its day."""

    file: CaseFile
    command: SetDeadline
    warning: Warn | None


@dataclass(frozen=True, slots=True)
class EndDeadline:
    """That a date needs no more reminding."""

    deadline_id: str


@dataclass(frozen=True, slots=True)
class Dates:
    """What one person may do about dates in a case: for which agencies, and what of theirs is open."""

    file: CaseFile
    coordinates: bool
    parts: tuple[Involvement, ...]
    deadlines: tuple[Deadline, ...]


def see_dates(uow: UnitOfWork, actor: Person, channel_id: str) -> Dates:
    """What can be chosen in this room."""
    return _dates(enter_room(uow, actor, Action.SEE_ACTIONS, channel_id))


def see_new_date(uow: UnitOfWork, actor: Person, case_id: str, kind: DeadlineKind) -> Dates:
    """For the form of a new date: an agency's own is its people's, a reflection period the coordinators'.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
    """
    if kind is DeadlineKind.REFLECTION:
        return _dates(enter_case(uow, actor, Action.KEEP_REFLECTION, case_id))
    file = uow.case_file(case_id)
    own = next(iter(parts_of(file, actor.id)), None) if file is not None else None
    part = own.id if own is not None else None
    return _dates(enter_case(uow, actor, Action.KEEP_OWN_DEADLINE, case_id, own_part=part))


def _dates(here: Here) -> Dates:
    file = here.file
    coordinates = Right.CASE_COORDINATOR in here.rights
    parts = parts_of(file, here.actor.id)
    own = {i.id for i in parts}
    found = (
        d
        for d in file.deadlines
        if d.open and (d.involvement_id in own if d.kind is DeadlineKind.OWN else coordinates)
    )
    return Dates(file, coordinates, tuple(parts), tuple(sorted(found, key=lambda d: d.due_on)))


def review_deadline(uow: UnitOfWork, actor: Person, command: SetDeadline) -> DeadlineReview:
    """Check what is filled in. Changes nothing.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        Invalid: every field that cannot stand.
    """
    own = command.kind is DeadlineKind.OWN
    here = enter_case(
        *(uow, actor, Action.KEEP_OWN_DEADLINE if own else Action.KEEP_REFLECTION, command.case_id),
        own_part=command.involvement_id if own else None,
    )
    problems = day_problems("due_on", here.file, command.due_on, uow.now)
    text = ""
    if own:
        try:
            text = check_text("text", command.text, uow.now, LONGEST_ACTION)
        except Invalid as error:
            problems.extend(error.problems)
        if not command.text.strip():
            problems.append(Problem("text", "invalid.no-deadline"))
    elif command.person is None or command.person not in list(here.file.case.letters):
        raise NotAllowed
    if problems:
        raise Invalid(*problems)
    checked = replace(
        command,
        text=text,
        involvement_id=command.involvement_id if own else None,
        person=None if own else command.person,
    )
    return DeadlineReview(here.file, checked, day_warning(command.due_on))


def set_deadline(uow: UnitOfWork, actor: Person, command: SetDeadline) -> Deadline:
    """Write the date down; those whose it is are reminded.

    Raises:
        As `review_deadline`.
    """
    checked = review_deadline(uow, actor, command).command
    deadline = Deadline(
        id=uow.ids.new(),
        case_id=checked.case_id,
        kind=checked.kind,
        due_on=checked.due_on,
        set_at=uow.now,
        set_by=actor.id,
        involvement_id=checked.involvement_id,
        person=checked.person,
        text=checked.text,
    )
    uow.add(deadline)
    settle(uow, checked.case_id)
    return deadline


def end_deadline(uow: UnitOfWork, actor: Person, command: EndDeadline) -> None:
    """Remind of it no more.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        NoLongerAsked: it has ended already.
    """
    here, deadline = enter_deadline(uow, actor, command.deadline_id)
    uow.change(deadline, ended_at=uow.now, ended_by=actor.id)
    settle(uow, here.file.case.id, *about_posted(uow, here.file, subjects=frozenset({deadline.id})))

"""A person's placement and reflection period, and an agency's own deadlines."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from datetime import date

from bot.domain.access import Action
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.file import CaseFile, Target
from bot.domain.dates import open_placements, too_long
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.usecases.authorization import CaseContext, enter_case, enter_lasting, get_or_refuse
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import FURTHEST, FreeText, day_problems


@dataclass(frozen=True, slots=True)
class StartPlacement:
    """A placement as entered. If it `extends` one (by id), person and start are those of that placement."""

    case_id: str
    extends: str | None = None
    _: KW_ONLY
    person: str = ""
    starts_on: date = date.min
    ends_on: date


@dataclass(frozen=True, slots=True)
class PlacementReview:
    """A placement as shown to the coordinator who confirms it."""

    file: CaseFile
    command: StartPlacement
    extended: Placement | None


def see_placement(
    uow: UnitOfWork, actor: Person, case_id: str, extends: str | None = None
) -> tuple[CaseContext, Placement | None]:
    """The case, and the placement that is extended, if one is."""
    here = enter_case(uow, actor, Action.KEEP_PLACEMENT, case_id)
    extended = next((p for p in open_placements(here.file()) if p.id == extends), None)
    if extends is not None and extended is None:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, extended


def review_placement(uow: UnitOfWork, actor: Person, command: StartPlacement) -> PlacementReview:
    """Check the dates. Changes nothing."""
    here, extended = see_placement(uow, actor, command.case_id, command.extends)
    file = here.file()
    if extended is not None:
        command = replace(command, person=extended.person, starts_on=extended.starts_on)
    months = file.team.rules.placement_months
    after = extended.ends_on if extended is not None else command.starts_on
    this_day = file.team.day_of(uow.now)
    problems = _problems(file, command, this_day) if extended is None else []
    if command.ends_on <= after:
        problems.append(Problem("ends_on", "invalid.placement-order"))
    elif command.ends_on < this_day:
        problems.append(Problem("ends_on", "invalid.day-past"))
    elif not problems and too_long(after, command.ends_on, months):
        problems.append(Problem("ends_on", "invalid.placement-long", {"months": str(months)}))
    if problems:
        raise Invalid(*problems)
    return PlacementReview(file, command, extended)


def _problems(file: CaseFile, command: StartPlacement, this_day: date) -> list[Problem]:
    problems = []
    if command.person not in list(file.open_letters):
        problems.append(Problem("person", "invalid.person-closed"))
    if any(p.person == command.person for p in open_placements(file)):
        problems.append(Problem("person", "invalid.placed"))
    if abs(command.starts_on - this_day) > FURTHEST:
        problems.append(Problem("starts_on", "invalid.placement-start"))
    return problems


def start_placement(uow: UnitOfWork, actor: Person, _: StartPlacement, review: PlacementReview) -> None:
    """Store the placement, or its new end, as the coordinator has entered and confirmed it."""
    entered = review.command
    if review.extended is not None:
        uow.change(review.extended, ends_on=entered.ends_on, confirmed_at=uow.now)
        return
    dates = entered.starts_on, entered.ends_on
    uow.add(Placement(uow.ids.new(), entered.case_id, entered.person, *dates, uow.now))


def end_placement(uow: UnitOfWork, actor: Person, placement_id: str) -> None:
    """Note that what comes after the placement is settled; its reminders stop."""
    _, placement = enter_lasting(uow, actor, Action.KEEP_PLACEMENT, Placement, placement_id)
    uow.change(placement, ended_at=uow.now)


START_PLACEMENT = ReviewedCommand(StartPlacement, review_placement, start_placement)


DUE = FreeText("own deadlines", 120, empty="invalid.nothing-written")


def set_own_deadline(
    uow: UnitOfWork, actor: Person, case_id: str, *, involvement: str, text: str, due_on: date
) -> date:
    """Store an agency's own date, by its part, with a short text; only its people see it and are reminded."""
    here = enter_case(uow, actor, Action.KEEP_OWN_DEADLINE, case_id, Target(own_part=involvement))
    problems = day_problems(here.file(), due_on, uow.now)
    text = DUE.checked("text", text, uow.now, problems)
    if problems:
        raise Invalid(*problems)
    uow.add(Deadline(uow.ids.new(), case_id, due_on, uow.now, involvement_id=involvement, text=text))
    return due_on


@dataclass(frozen=True, slots=True)
class SetReflection:
    """The end of a person's reflection period, as in the decision."""

    case_id: str
    _: KW_ONLY
    person: str
    due_on: date


def review_reflection(uow: UnitOfWork, actor: Person, command: SetReflection) -> SetReflection:
    file = enter_case(uow, actor, Action.KEEP_REFLECTION, command.case_id).file()
    problems = day_problems(file, command.due_on, uow.now)
    if command.person not in list(file.open_letters):
        problems.append(Problem("person", "invalid.person-closed"))
    if problems:
        raise Invalid(*problems)
    return command


def set_reflection(uow: UnitOfWork, actor: Person, command: SetReflection, _: SetReflection) -> None:
    """Store the date; the coordinators are reminded."""
    uow.add(Deadline(uow.ids.new(), command.case_id, command.due_on, uow.now, person=command.person))


def end_deadline(uow: UnitOfWork, actor: Person, deadline_id: str) -> None:
    """Stop the reminders of a deadline: «Ferdig»."""
    own = get_or_refuse(uow, actor, Deadline, deadline_id).person is None
    action = Action.KEEP_OWN_DEADLINE if own else Action.KEEP_REFLECTION
    _, deadline = enter_lasting(uow, actor, action, Deadline, deadline_id)
    uow.change(deadline, ended_at=uow.now)


SET_REFLECTION = ReviewedCommand(SetReflection, review_reflection, set_reflection)

"""The placement of a person: begin it, and say what comes after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.access import Action
from bot.domain.action_plan import today
from bot.domain.case import Involvement
from bot.domain.case_file import CaseFile
from bot.domain.directory import Person
from bot.domain.errors import Invalid, NotAllowed, Problem, WithoutThem
from bot.domain.intents import Intent, Kind
from bot.domain.placement import Afterwards, Placement
from bot.domain.placement_rules import lacking, open_placements, required_parts, too_long
from bot.usecases.consequences import about_posted, settle
from bot.usecases.door import Here, enter_case
from bot.usecases.door_of_agreed import enter_placement
from bot.usecases.guarded import FURTHEST, Warn, day_warning
from bot.usecases.ports import UnitOfWork

#: Marks of what is told of a placement.
BEGUN, ENDED = "begun", "ended"


@dataclass(frozen=True, slots=True)
class StartPlacement:
    """The placement of one person, by letter, with the days on which it begins and ends."""

    case_id: str
    person: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class PlacementReview:
    """What a coordinator confirms: the dates, and the agencies that must cooperate."""

    file: CaseFile
    command: StartPlacement
    parts: tuple[Involvement, ...]
    warning: Warn | None


@dataclass(frozen=True, slots=True)
class EndPlacement:
    """That a placement is over, and what comes after it."""

    placement_id: str
    afterwards: Afterwards


def see_placing(uow: UnitOfWork, actor: Person, case_id: str) -> Here:
    """The case, for the form.

    Raises:
        WithoutThem: agencies lack whoever in the case it would be about.
    """
    here = enter_case(uow, actor, Action.KEEP_PLACEMENT, case_id)
    lack = [lacking(here.file, person) for person in here.file.case.letters]
    if all(lack):
        fewest = min(len(kinds) for kinds in lack)
        raise WithoutThem(kinds=" ".join(next(kinds for kinds in lack if len(kinds) == fewest)))
    return here


def review_placement(uow: UnitOfWork, actor: Person, command: StartPlacement) -> PlacementReview:
    """Check the agencies and the dates. Changes nothing.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        WithoutThem: police, child welfare or immigration is not in the case for this person.
        Invalid: the dates cannot stand, or the person has a placement that has not ended.
    """
    file = enter_case(uow, actor, Action.KEEP_PLACEMENT, command.case_id).file
    if len(command.person) != 1 or command.person not in file.case.letters:
        raise NotAllowed
    lack = lacking(file, command.person)
    if lack:
        raise WithoutThem(kinds=" ".join(lack))
    problems = _problems(uow, file, command)
    if problems:
        raise Invalid(*problems)
    parts = tuple(required_parts(file, command.person))
    return PlacementReview(file, command, parts, day_warning(command.ends_on))


def _problems(uow: UnitOfWork, file: CaseFile, command: StartPlacement) -> list[Problem]:
    this_day = today(file, uow.now)
    months = file.team.rules.placement_months
    problems = []
    if any(p.person == command.person for p in open_placements(file)):
        problems.append(Problem("person", "invalid.placed"))
    if abs(command.starts_on - this_day) > FURTHEST:
        problems.append(Problem("starts_on", "invalid.placement-start"))
    if command.ends_on <= command.starts_on:
        problems.append(Problem("ends_on", "invalid.placement-order"))
    elif command.ends_on < this_day:
        problems.append(Problem("ends_on", "invalid.day-past"))
    elif too_long(command.starts_on, command.ends_on, months):
        problems.append(Problem("ends_on", "invalid.placement-long", {"months": str(months)}))
    return problems


def start_placement(uow: UnitOfWork, actor: Person, command: StartPlacement) -> Placement:
    """Write down what the coordinator has entered and confirmed.

    Raises:
        As `review_placement`.
    """
    review_placement(uow, actor, command)
    placement = Placement(
        id=uow.ids.new(),
        case_id=command.case_id,
        person=command.person,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        confirmed_at=uow.now,
        confirmed_by=actor.id,
    )
    uow.add(placement)
    file = uow.case_file(command.case_id)
    settle(uow, command.case_id, *(_told(file, placement, BEGUN) if file is not None else ()))
    return placement


def _told(file: CaseFile, placement: Placement, mark: str) -> Iterator[Intent]:
    """To the room, and to the coordinators: whom of the agencies they have to tell."""
    for recipient in (None, *file.confirmed_coordinators()):
        yield Intent(Kind.PLACEMENT_TOLD, placement.id, case_id=file.case.id, recipient=recipient, mark=mark)


def see_placement(uow: UnitOfWork, actor: Person, placement_id: str) -> tuple[Here, Placement]:
    """A placement, for the form that ends it."""
    return enter_placement(uow, actor, Action.KEEP_PLACEMENT, placement_id)


def end_placement(uow: UnitOfWork, actor: Person, command: EndPlacement) -> None:
    """Say what comes after; nothing more is reminded of.

    Raises:
        NotAllowed, CaseIsClosed: as every action in a case.
        NoLongerAsked: somebody has said so already.
    """
    here, placement = see_placement(uow, actor, command.placement_id)
    uow.change(placement, afterwards=command.afterwards, ended_at=uow.now, ended_by=actor.id)
    fresh = here.again().file
    settle(
        uow,
        fresh.case.id,
        *about_posted(uow, fresh, subjects=frozenset({placement.id})),
        *_told(fresh, placement, ENDED),
    )

"""A person's placement and reflection period, and an agency's own deadlines."""

from __future__ import annotations

from dataclasses import KW_ONLY, asdict, dataclass, replace
from datetime import date

from bot.domain.access import Action, Right
from bot.domain.actions import parts_of
from bot.domain.case.dates import Afterwards, Deadline, DeadlineKind, Placement
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile, Target
from bot.domain.dates import cooperating, days_over_limit, open_placements, too_long
from bot.domain.dates import placement as placement_of
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.usecases.actions import CheckedDate
from bot.usecases.authorization import CaseContext, enter_case, enter_lasting, enter_room, get_or_refuse
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import FURTHEST, FreeText, Warn, day_problems, day_warning


@dataclass(frozen=True, slots=True)
class StartPlacement:
    """A placement as entered; `extends` is the id of the placement that it follows, and thereby ends."""

    case_id: str
    extends: str | None = None
    _: KW_ONLY
    person: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class PlacementReview:
    """A placement as shown to the coordinator who confirms it: the dates, the agencies that must cooperate.

    `days_over_limit` is how many days the person's decisions last together, if over the team's months.
    """

    file: CaseFile
    command: StartPlacement
    parts: tuple[Involvement, ...]
    warning: Warn | None
    days_over_limit: int | None = None


def review_placement(uow: UnitOfWork, actor: Person, command: StartPlacement) -> PlacementReview:
    """Check the agencies and the dates. Changes nothing."""
    file = enter_case(uow, actor, Action.KEEP_PLACEMENT, command.case_id).file()
    if len(command.person) != 1 or command.person not in file.case.letters:
        raise Refused(Refusal.NOT_ALLOWED)
    problems = _problems(uow, file, command)
    if problems:
        raise Invalid(*problems)
    parts = tuple(cooperating(file, command.person))
    total = days_over_limit(file, command.person, command.starts_on, command.ends_on)
    return PlacementReview(file, command, parts, day_warning(command.ends_on), total)


def _problems(uow: UnitOfWork, file: CaseFile, command: StartPlacement) -> list[Problem]:
    this_day = file.team.day_of(uow.now)
    months = file.team.rules.placement_months
    problems = []
    if command.extends is None and command.person not in file.open_letters:
        problems.append(Problem("person", "invalid.person-closed"))
    there = [p for p in open_placements(file) if p.person == command.person]
    if command.extends is not None and command.extends not in {p.id for p in there}:
        raise Refused(Refusal.NO_LONGER_ASKED)
    if any(p.id != command.extends for p in there):
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


def start_placement(
    uow: UnitOfWork, actor: Person, command: StartPlacement, review: PlacementReview
) -> Placement:
    """Store the placement that the coordinator has entered and confirmed."""
    entered = asdict(command)
    extended = placement_of(review.file, entered.pop("extends"))
    if extended is not None:
        uow.change(extended, afterwards=Afterwards.EXTENDED, ended_at=uow.now)
    return uow.add(Placement(id=uow.ids.new(), confirmed_at=uow.now, **entered))


def end_placement(uow: UnitOfWork, actor: Person, placement_id: str, *, afterwards: Afterwards) -> None:
    """Say what comes after the placement; its reminders stop.

    An extension is entered with its dates instead (`StartPlacement.extends`): otherwise nobody would be
    reminded of them.
    """
    _, placement = enter_lasting(uow, actor, Action.KEEP_PLACEMENT, Placement, placement_id)
    if afterwards is Afterwards.EXTENDED:
        raise Refused(Refusal.NOT_ALLOWED)
    uow.change(placement, afterwards=afterwards, ended_at=uow.now)


START_PLACEMENT = ReviewedCommand(StartPlacement, review_placement, start_placement)


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """A date: an agency's own has its part and a short text, a reflection period has the person's letter."""

    case_id: str
    kind: DeadlineKind
    _: KW_ONLY
    due_on: date
    involvement: str | None = None
    person: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """A person's options for dates in a case: the agencies, and the open deadlines."""

    file: CaseFile
    coordinates: bool
    parts: tuple[Involvement, ...]
    deadlines: tuple[Deadline, ...]


def see_dates(uow: UnitOfWork, actor: Person, channel_id: str) -> Dates:
    return _dates(enter_room(uow, actor, Action.SEE_ACTIONS, channel_id))


def see_new_date(uow: UnitOfWork, actor: Person, case_id: str, kind: DeadlineKind) -> Dates:
    """For the form of a new date: an agency's people set its own, the coordinators a reflection period."""
    file = uow.case_file(case_id)
    own = next(iter(parts_of(file, actor.id)), None) if file is not None else None
    return _dates(_enter(uow, actor, kind, case_id, own.id if own is not None else None))


_ACTIONS = {
    DeadlineKind.OWN: Action.KEEP_OWN_DEADLINE,
    DeadlineKind.REFLECTION: Action.KEEP_REFLECTION,
}


def _enter(uow: UnitOfWork, actor: Person, kind: DeadlineKind, case_id: str, part: str | None) -> CaseContext:
    target = Target(own_part=part if kind is DeadlineKind.OWN else None)
    return enter_case(uow, actor, _ACTIONS[kind], case_id, target)


def _dates(here: CaseContext) -> Dates:
    file = here.file()
    coordinates = Right.CASE_COORDINATOR in here.rights
    parts = parts_of(file, here.actor.id)
    own = {i.id for i in parts}
    found = (
        d
        for d in file.deadlines
        if d.live and (d.involvement_id in own if d.kind is DeadlineKind.OWN else coordinates)
    )
    return Dates(file, coordinates, tuple(parts), tuple(sorted(found, key=lambda d: d.due_on)))


DUE = FreeText("own deadlines", 120, empty="invalid.no-deadline")


def review_deadline(uow: UnitOfWork, actor: Person, command: SetDeadline) -> CheckedDate[SetDeadline]:
    own = command.kind is DeadlineKind.OWN
    here = _enter(uow, actor, command.kind, command.case_id, command.involvement)
    problems = day_problems(here.file(), command.due_on, uow.now)
    text = ""
    if own:
        text = DUE.checked("text", command.text, uow.now, problems)
    elif command.person is None or command.person not in list(here.file().case.letters):
        raise Refused(Refusal.NOT_ALLOWED)
    elif command.person not in here.file().open_letters:
        problems.append(Problem("person", "invalid.person-closed"))
    if problems:
        raise Invalid(*problems)
    checked = replace(
        command,
        text=text,
        involvement=command.involvement if own else None,
        person=None if own else command.person,
    )
    return CheckedDate(here.file(), checked, day_warning(command.due_on))


def set_deadline(
    uow: UnitOfWork, actor: Person, _: SetDeadline, review: CheckedDate[SetDeadline]
) -> Deadline:
    """Store the date; its owners are reminded."""
    chosen = asdict(review.command)
    owner = chosen.pop("involvement")
    return uow.add(Deadline(id=uow.ids.new(), involvement_id=owner, set_at=uow.now, **chosen))


def end_deadline(uow: UnitOfWork, actor: Person, deadline_id: str) -> None:
    """Stop the reminders of a deadline: «Ferdig»."""
    kind = get_or_refuse(uow, actor, Deadline, deadline_id).kind
    _, deadline = enter_lasting(uow, actor, _ACTIONS[kind], Deadline, deadline_id)
    uow.change(deadline, ended_at=uow.now)


SET_DEADLINE = ReviewedCommand(SetDeadline, review_deadline, set_deadline)

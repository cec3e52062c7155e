"""Open a case, involve its agencies and call the first meeting: one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.domain.case.entities import Case, Phase, Room, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening, Urgency
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.errors import Problem, Refusal, Refused, refuse
from bot.domain.guidance import Guidance, GuidanceOutcome
from bot.usecases.authorization import enter_team
from bot.usecases.involvement import summons
from bot.usecases.involvement.summons import AskPreview, Chosen, who_is_asked
from bot.usecases.outside import change_asked, close_asked, find_item, people_of
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import MeetingPlan, Warn, check_meeting, warnings

MOST_PERSONS = 26


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as filled in. `asked_by` is an agency's id, None for TOT's own initiative.

    `agencies` (ids) are asked now, and `expected` later, unless they are among those. `item` names the
    guidance, or the request to convene, that prompted it; the case does not store it. `chosen` are the people
    to ask, by agency id, where the coordinator has chosen them.
    """

    team_id: str
    phase: Phase
    persons: int
    agencies: tuple[str, ...]
    meeting: MeetingPlan
    expected: tuple[str, ...] = ()
    asked_by: str | None = None
    item: str | None = None
    chosen: tuple[tuple[str, Chosen], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A case as shown before anything is sent. `coordinators` are the team's other coordinators."""

    team: Team
    told: tuple[AskPreview, ...]
    coordinators: tuple[Person, ...]
    expected: tuple[Agency, ...]
    meeting: MeetingPlan
    warnings: tuple[Warn, ...]


@dataclass(frozen=True, slots=True)
class CaseForm:
    """A team and its agencies, each with the human who would be asked; and what prompts the case.

    `on_call` are the agencies with somebody on call at this hour, and the one that asked. `asked_by` is the
    agency that asked TOT to convene, and `urgency` how soon it is asked to meet.
    """

    team: Team
    on_call: tuple[AskPreview, ...]
    others: tuple[AskPreview, ...]
    item: str | None = None
    asked_by: str | None = None
    urgency: Urgency | None = None


#: The number of agencies shown at once; the others are in a menu.
_MOST_AT_ONCE = 10


def see_case_form(uow: UnitOfWork, actor: Person, team_id: str, item: str | None = None) -> CaseForm:
    """The content of the form of a new case: who takes a call now, by the contacts' hours.

    With an `item` outside cases that prompts it, the team is the item's.
    """
    named = find_item(uow, item or "")
    team = enter_team(uow, actor, Action.OPEN_CASE, named.team_id if named is not None else team_id)
    found = _open_item(uow, team, item)
    agencies = uow.agencies(team.id) or refuse(Refusal.NOTHING_HERE, "directory")
    request = found if isinstance(found, Convening) else None
    asked_by = next((a.id for a in agencies if request is not None and a.id == request.agency_id), None)
    told = [who_is_asked(uow, team, agency) for agency in agencies]
    told.sort(key=lambda t: (t.agency.id != asked_by, not t.agency.core, t.agency.shown_name.casefold()))
    now = [t for t in told if t.within_hours or t.agency.id == asked_by][:_MOST_AT_ONCE]
    others = tuple(t for t in told if t not in now)
    urgency = request.urgency if request is not None else None
    return CaseForm(team, tuple(now), others, item, asked_by, urgency)


def _open_item(uow: UnitOfWork, team: Team, item: str | None) -> Guidance | Convening | None:
    """Return what prompts the case, if anything; refused once it is closed, such as by another case."""
    if item is None:
        return None
    found = find_item(uow, item)
    if not isinstance(found, Guidance | Convening) or found.team_id != team.id:
        raise Refused(Refusal.COORDINATORS_ONLY)
    if not found.open:
        raise Refused(Refusal.ALREADY_CLOSED)
    return found


def review_case(uow: UnitOfWork, actor: Person, command: OpenCase) -> Review:
    """Check what is filled in and name the humans who would now be told. Changes nothing."""
    team = enter_team(uow, actor, Action.OPEN_CASE, command.team_id)
    _open_item(uow, team, command.item)
    agencies = {a.id: a for a in uow.agencies(team.id)}
    if not {command.asked_by, *command.agencies, *command.expected} <= {None, *agencies}:
        raise Refused(Refusal.NOT_ALLOWED)
    problems = [] if command.agencies else [Problem("agencies", "invalid.no-agency")]
    plan = check_meeting(team, command.meeting, uow.now, *problems)
    chosen = dict(command.chosen)
    told = tuple(who_is_asked(uow, team, agencies[id], chosen.get(id)) for id in command.agencies)
    expected = tuple(agencies[id] for id in command.expected if id not in command.agencies)
    pointed_out = warnings(uow, team, plan, coordinator_id=actor.id, phase=command.phase)
    coordinators, persons = people_of(uow, team.id)
    others = tuple(persons[id] for id in coordinators if id != actor.id)
    return Review(team, told, others, expected, plan, pointed_out)


def see_opened(uow: UnitOfWork, actor: Person, case_id: str) -> tuple[CaseFile, str | None]:
    """The case that one has just opened, and its channel, once one is let in."""
    file = uow.case_file(case_id)
    if file is None or file.case.opened_by != actor.id:
        raise Refused(Refusal.NOT_ALLOWED)
    return file, file.room.channel_id if actor.id in file.room.members else None


def open_case(uow: UnitOfWork, actor: Person, command: OpenCase, review: Review) -> Case:
    """Open a case that has been reviewed. The opener has confirmed taushetsplikt by opening it.

    The effects are the room, the card, one question to one contact of each agency, one to each other
    coordinator, and the reminders.
    """
    case = Case(
        id=uow.ids.new(),
        team_id=review.team.id,
        code=uow.ids.code(),
        phase=command.phase,
        persons=command.persons,
        opened_by=actor.id,
        opened_at=uow.now,
        asked_by=command.asked_by,
    )
    uow.add(case, Room(id=uow.ids.new(), case_id=case.id))
    uow.audit(AuditEntry(Action.OPEN_CASE, actor.id, case.id, Right.TEAM_COORDINATOR))
    for coordinator in uow.coordinators(review.team.id):
        seat_coordinator(uow, case.id, coordinator.person_id, opener=actor.id)
    for told in review.told:
        summons.involve(uow, review.team, case.id, told.agency, case.letters, told)
    for agency in review.expected:
        summons.involve(uow, review.team, case.id, agency, case.letters, None)
    meeting = summons.add_meeting(uow, case.id, review.meeting)
    file = uow.case_file(case.id)
    if file is None:
        raise Refused(Refusal.NOT_ALLOWED)
    summons.summon(uow, file, meeting)
    # What prompted the case is closed; the two are not linked.
    prompted = _open_item(uow, review.team, command.item)
    if isinstance(prompted, Guidance):
        in_time = prompted.in_time_at(uow.now)
        close_asked(uow, prompted, review.team, in_time=in_time, outcome=GuidanceOutcome.CASE)
    elif prompted is not None:
        close_asked(uow, prompted, review.team, convened=True, decided_by=actor.id)
    return case


def prompts_of(uow: UnitOfWork, case: Case) -> list[Guidance | Convening]:
    """Return what prompted a case, which names it nowhere: it was closed when the case was opened."""
    when = {"team_id": case.team_id, "closed_at": case.opened_at}
    found: list[Guidance | Convening] = [
        *(each for each in uow.find(Convening, **when) if each.convened),
        *(each for each in uow.find(Guidance, **when) if each.outcome is GuidanceOutcome.CASE),
    ]
    return [each for each in found if not each.is_being_erased]


def take_back_prompt(uow: UnitOfWork, case: Case) -> None:
    """Let what prompted a case wait for an answer again, since the case is undone."""
    for each in prompts_of(uow, case):
        undone: dict[str, Any] = {"convened": None}
        if isinstance(each, Guidance):
            undone = {"outcome": None, "in_time": None if each.unanswered else each.in_time}
        change_asked(uow, each, closed_at=None, delete_on=None, **undone)


def seat_coordinator(uow: UnitOfWork, case_id: str, person_id: str, *, opener: str | None = None) -> None:
    """Add a coordinator's seat; confirmed at once for the one who opens the case."""
    confirmed = {"acknowledged_at": uow.now, "acknowledged_via": Via.SLACK, "acknowledged_by": person_id}
    more = confirmed if person_id == opener else {}
    summons.add_seat(uow, case_id, person_id, SeatRole.COORDINATOR, **more)


OPEN_CASE = ReviewedCommand(OpenCase, review_case, open_case)

"""Open a case, involve its agencies and call the first meeting: one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.domain.case.entities import Case, Phase, Room, SeatRole, Via, letters
from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening, Urgency
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.errors import Problem, Refusal, Refused, refuse
from bot.domain.guidance import Guidance
from bot.usecases.authorization import enter_team, enter_teams
from bot.usecases.convening import convened
from bot.usecases.guidance import became_case
from bot.usecases.involvement import summons
from bot.usecases.involvement.summons import AgencyChoice, AskPreview, who_is_asked
from bot.usecases.outside import find_item, people_of
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import MeetingPlan, Warn, check_meeting, warnings

MOST_PERSONS = 26


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as filled in. `asked_by` is an agency's id, None for TOT's own initiative.

    `item` names the guidance, or the request to convene, that prompted it; the case does not store it.
    """

    team_id: str
    phase: Phase
    persons: int
    agencies: tuple[AgencyChoice, ...]
    meeting: MeetingPlan
    asked_by: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A case as shown before anything is sent. `coordinators` are the team's other coordinators."""

    team: Team
    told: tuple[AskPreview, ...]
    coordinators: tuple[Person, ...]
    expected: tuple[Agency, ...]
    meeting: MeetingPlan
    warnings: tuple[Warn, ...]


def see_openable(uow: UnitOfWork, actor: Person) -> list[tuple[Team, list[Agency]]]:
    """The teams for which the person can open a case, each with its agencies."""
    return [(team, uow.agencies(team.id)) for team in enter_teams(uow, actor, Action.OPEN_CASE)]


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A team, its agencies, and the one of which the asker is a contact, if there is exactly one.

    `urgency` tells how soon TOT is asked to meet, if it was a request to convene.
    """

    team: Team
    agencies: list[Agency]
    asked_by: str | None
    urgency: Urgency | None = None

    @property
    def phase(self) -> Phase:
        """The phase to propose: a case that can wait is not acute."""
        return Phase.WORKING if self.urgency is Urgency.WEEKS else Phase.ACUTE


@dataclass(frozen=True, slots=True)
class AcuteForm:
    """A team and its agencies, each with the human who would be asked.

    `on_call` are the agencies with somebody on call at this hour, and the one that asked. `just_opened` is
    the last case that the person opened themselves, if that was a moment ago.
    """

    team: Team
    on_call: tuple[AskPreview, ...]
    others: tuple[AskPreview, ...]
    just_opened: Case | None

    @property
    def agencies(self) -> dict[str, Agency]:
        return {told.agency.id: told.agency for told in (*self.on_call, *self.others)}


#: A person who opens a second case within this time is told of the first: it may be the same.
_A_MOMENT = timedelta(minutes=30)
#: The number of agencies shown at once; the others are in a menu.
_MOST_AT_ONCE = 10


def see_acute_form(uow: UnitOfWork, actor: Person, team_id: str, asked_by: str | None) -> AcuteForm:
    """The form for an acute case: who takes a call now, by the contacts' hours."""
    team = enter_team(uow, actor, Action.OPEN_CASE, team_id)
    agencies = uow.agencies(team.id) or refuse(Refusal.NOTHING_HERE, "directory")
    told = [who_is_asked(uow, team, agency) for agency in agencies]
    told.sort(key=lambda t: (t.agency.id != asked_by, not t.agency.core, t.agency.shown_name.casefold()))
    now = [t for t in told if t.within_hours or t.agency.id == asked_by][:_MOST_AT_ONCE]
    return AcuteForm(team, tuple(now), tuple(t for t in told if t not in now), _just_opened(uow, actor, team))


def _just_opened(uow: UnitOfWork, actor: Person, team: Team) -> Case | None:
    own = uow.find(Case, team_id=team.id, closed_at=None, purged_at=None)
    recent = (c for c in own if c.opened_by == actor.id and c.opened_at > uow.now - _A_MOMENT)
    return max(recent, key=lambda c: c.opened_at, default=None)


def see_case_request(uow: UnitOfWork, actor: Person, item: str) -> CaseRequest:
    """The start of a case opened from guidance or a request to convene: the team, and who asked."""
    named = find_item(uow, item)
    team = enter_team(uow, actor, Action.OPEN_CASE, named.team_id if named is not None else "")
    found = _open_item(uow, team, item)
    agencies = uow.agencies(team.id) or refuse(Refusal.NOTHING_HERE, "directory")
    if isinstance(found, Convening):
        asked_by = found.agency_id if found.agency_id in {a.id for a in agencies} else None
        return CaseRequest(team, agencies, asked_by, found.urgency)
    own = {c.agency_id for c in uow.find(Contact, person_id=found.asker, retired=False, waits=False)}
    likely = [a.id for a in agencies if a.id in own]
    return CaseRequest(team, agencies, likely[0] if len(likely) == 1 else None)


def _open_item(uow: UnitOfWork, team: Team, item: str) -> Guidance | Convening:
    """Return what prompts the case; refused once it is closed, such as by another case."""
    found = find_item(uow, item)
    if not isinstance(found, Guidance | Convening) or found.team_id != team.id:
        raise Refused(Refusal.COORDINATORS_ONLY)
    if not found.open:
        raise Refused(Refusal.ALREADY_CLOSED)
    return found


def review_case(uow: UnitOfWork, actor: Person, command: OpenCase) -> Review:
    """Check what is filled in and name the humans who would now be told. Changes nothing."""
    team = enter_team(uow, actor, Action.OPEN_CASE, command.team_id)
    if command.item is not None:
        _open_item(uow, team, command.item)
    agencies = {a.id: a for a in uow.agencies(team.id)}
    plan = check_meeting(team, command.meeting, uow.now, *_problems(command, agencies))
    told = tuple(
        who_is_asked(uow, team, agencies[c.agency_id], c.chosen) for c in command.agencies if not c.expected
    )
    expected = tuple(agencies[c.agency_id] for c in command.agencies if c.expected)
    pointed_out = warnings(uow, team, plan, coordinator_id=actor.id, phase=command.phase)
    coordinators, persons = people_of(uow, team.id)
    others = tuple(persons[id] for id in coordinators if id != actor.id)
    return Review(team, told, others, expected, plan, pointed_out)


def _problems(command: OpenCase, agencies: dict[str, Agency]) -> list[Problem]:
    if any(c.agency_id not in agencies for c in command.agencies) or (
        command.asked_by is not None and command.asked_by not in agencies
    ):
        raise Refused(Refusal.NOT_ALLOWED)
    problems = []
    chosen = [c.agency_id for c in command.agencies]
    if not any(not c.expected for c in command.agencies):
        problems.append(Problem("agencies", "invalid.no-agency"))
    if len(set(chosen)) != len(chosen):
        problems.append(Problem("expected", "invalid.both-expected"))
    if not 1 <= command.persons <= MOST_PERSONS:
        problems.append(Problem("persons", "invalid.persons"))
    elif any(set(c.persons) - set(letters(command.persons)) or not c.persons for c in command.agencies):
        problems.append(Problem("agencies", "invalid.persons"))
    return problems


def see_opened(uow: UnitOfWork, actor: Person, case_id: str) -> CaseFile:
    file = uow.case_file(case_id)
    if file is None or file.case.opened_by != actor.id:
        raise Refused(Refusal.NOT_ALLOWED)
    return file


def room_of_opened(uow: UnitOfWork, actor: Person, case_id: str) -> str | None:
    """Return the channel of a case that one has just opened, once one is let in."""
    case = uow.get(Case, case_id)
    if case is None or case.opened_by != actor.id:
        raise Refused(Refusal.NOT_ALLOWED)
    return next((r.channel_id for r in uow.find(Room, case_id=case_id) if actor.id in r.members), None)


def open_case(uow: UnitOfWork, actor: Person, command: OpenCase, review: Review) -> Case:
    """Open a case that has been reviewed. The opener has confirmed taushetsplikt by opening it.

    The effects are the room, the card, one question to one contact of each agency, one to each other
    coordinator, and the reminders.
    """
    told = {each.agency.id: each for each in review.told}
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
    for choice in command.agencies:
        summons.involve(uow, review.team, case.id, choice, told.get(choice.agency_id))
    meeting = summons.add_meeting(uow, case.id, review.meeting)
    file = uow.case_file(case.id)
    if file is None:
        raise Refused(Refusal.NOT_ALLOWED)
    summons.summon(uow, file, meeting)
    if command.item is not None:
        _came_of(uow, review.team, actor, _open_item(uow, review.team, command.item))
    return case


def _came_of(uow: UnitOfWork, team: Team, actor: Person, prompted: Guidance | Convening) -> None:
    """Close the item that prompted the case."""
    if isinstance(prompted, Guidance):
        became_case(uow, prompted, team)
    else:
        convened(uow, prompted, team, actor.id)


def seat_coordinator(uow: UnitOfWork, case_id: str, person_id: str, *, opener: str | None = None) -> None:
    """Add a coordinator's seat; confirmed at once for the one who opens the case."""
    confirmed = {"acknowledged_at": uow.now, "acknowledged_via": Via.SLACK, "acknowledged_by": person_id}
    more = confirmed if person_id == opener else {}
    summons.add_seat(uow, case_id, person_id, SeatRole.COORDINATOR, **more)


OPEN_CASE = ReviewedCommand(OpenCase, review_case, open_case)

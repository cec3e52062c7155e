"""Appoint and relieve coordinators of a team."""

from __future__ import annotations

from itertools import product

from bot.domain.access import Action
from bot.domain.case.entities import SeatEnd, SeatRole
from bot.domain.coordinating import in_order
from bot.domain.directory.entities import Coordinator, Person, Team
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.domain.notifications import At, Kind, Notification
from bot.usecases.authorization import enter_team, get_or_make_person
from bot.usecases.case import seat_coordinator
from bot.usecases.drill import refresh_drills
from bot.usecases.joint import refresh_joint_meetings
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.outside import people_of, refresh_asked
from bot.usecases.ports import Posted, UnitOfWork, case_files
from bot.usecases.profile import stored
from bot.usecases.validation import ChosenMember


def see_coordinators(uow: UnitOfWork, actor: Person, team_id: str) -> tuple[Team, list[Person]]:
    return enter_team(uow, actor, Action.KEEP_COORDINATORS, team_id), coordinators_of(uow, team_id)


def coordinators_of(uow: UnitOfWork, team_id: str) -> list[Person]:
    """The humans who coordinate a team now, the longest serving first."""
    coordinators, persons = people_of(uow, team_id)
    return [persons[id] for id in coordinators]


def add_coordinator(uow: UnitOfWork, team_id: str, person_id: str) -> None:
    """Make a stored person a coordinator from now on, and ask them to confirm in each open case."""
    uow.add(Coordinator(id=uow.ids.new(), team_id=team_id, person_id=person_id, since=uow.now))
    seat_in_open_cases(uow, team_id, person_id)
    refresh_team(uow, team_id)
    uow.enqueue(home_notification(person_id))


def seat_in_open_cases(uow: UnitOfWork, team_id: str, person_id: str) -> None:
    """Ask a coordinator to confirm taushetsplikt in each open case of the team where they have no seat."""
    for file in case_files(uow, uow.cases_of_team(team_id)):
        if not any(s.role is SeatRole.COORDINATOR for s in file.seats_of(person_id)):
            seat_coordinator(uow, file.case.id, person_id)


def _ask_where_nobody_is(uow: UnitOfWork, team_id: str) -> None:
    """Ask the coordinators of a team to confirm taushetsplikt in each closed case that none of them has.

    Somebody has to have people's own messages deleted, and can open the case again. No other coordinator
    needs to know of a case that is over.
    """
    for file in case_files(uow, uow.cases_of_team(team_id), closed_too=True):
        if file.open or file.case.is_being_erased or in_order(file):
            continue
        asked = {*file.confirmed_coordinators(), *file.unconfirmed_coordinators()}
        for person in coordinators_of(uow, team_id):
            if person.on_slack and person.id not in asked:
                seat_coordinator(uow, file.case.id, person.id)


def end_coordinator(uow: UnitOfWork, coordinator: Coordinator) -> None:
    """Relieve a coordinator from now on. The caller checks that the team keeps another."""
    person_id = coordinator.person_id
    uow.change(coordinator, until=uow.now)
    for file in case_files(uow, uow.cases_of_team(coordinator.team_id), closed_too=True):
        for seat in file.seats_of(person_id):
            if seat.role is SeatRole.COORDINATOR:
                uow.change(seat, ended_at=uow.now, end=SeatEnd.RELIEVED)
        if file.case.offered_to == person_id:
            uow.change(file.case, offered_to=None)
        uow.case_changed(file.case.id)
    refresh_team(uow, coordinator.team_id)
    uow.enqueue(home_notification(person_id))


def refresh_team(uow: UnitOfWork, team_id: str) -> None:
    """Update what is outside open cases after a change of a team, its people or their accounts."""
    _ask_where_nobody_is(uow, team_id)
    refresh_asked(uow, team_id)
    refresh_joint_meetings(uow, team_id)
    refresh_drills(uow, team_id)
    posted = uow.find(Posted, kind=(Kind.APPOINTED, Kind.CONTACT_APPROVAL), case_id=None)
    told = {(each.subject, each.person_id) for each in posted}
    waiting = (c.id for agency in uow.agencies(team_id) for c in uow.contacts(agency.id) if c.waits)
    untold = (each for each in product(waiting, people_of(uow, team_id)[0]) if each not in told)
    asked = (Notification(Kind.CONTACT_APPROVAL, id, recipient=to, params=At(uow.now)) for id, to in untold)
    uow.enqueue(*map(refresh, posted), *asked)


def change_coordinators(
    uow: UnitOfWork, actor: Person, team_id: str, *, appoint: ChosenMember | None, relieve: str | None
) -> None:
    """Appoint and relieve, by Slack ids: the new one first, so that a team of one can change hands.

    The new one is asked to confirm taushetsplikt in each open case of the team.
    """
    team = enter_team(uow, actor, Action.KEEP_COORDINATORS, team_id)
    if appoint is None and relieve is None:
        raise Invalid(Problem("appoint", "invalid.nobody"))
    if appoint is not None:
        person = stored(uow, get_or_make_person(uow, appoint))
        if all(c.person_id != person.id for c in uow.coordinators(team.id)):
            add_coordinator(uow, team.id, person.id)
            uow.enqueue(Notification(Kind.APPOINTED, team.id, recipient=person.id, params=At(uow.now)))
    if relieve is not None:
        person = get_or_make_person(uow, relieve)
        theirs = next((c for c in uow.coordinators(team.id) if c.person_id == person.id), None)
        if theirs is None:
            raise Invalid(Problem("relieve", "invalid.not-a-coordinator"))
        if not any(p.on_slack and p.id != person.id for p in coordinators_of(uow, team.id)):
            raise Refused(Refusal.LAST_COORDINATOR)
        end_coordinator(uow, theirs)

"""Services and contacts on call: open to anyone in the workspace, also as a page to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.access import Action
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.directory.on_call import Turn, turn_of
from bot.domain.notifications import Day, Kind, Notification
from bot.usecases.authorization import enter_asked
from bot.usecases.notifications import refresh
from bot.usecases.ports import Posted, UnitOfWork
from bot.usecases.profile import stored, zone_of


@dataclass(frozen=True, slots=True)
class Listed:
    """One agency as anyone may see it.

    Of a sheltering one there are no contacts and no turn: it is reached through the coordinator.
    """

    agency: Agency
    turn: Turn | None
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """A team's agencies, its coordinators, and the humans who are named, by id."""

    team: Team
    coordinators: tuple[Person, ...]
    listed: tuple[Listed, ...]
    persons: dict[str, Person]


def see_roster(uow: UnitOfWork, actor: Person) -> list[Roster]:
    """Every team's agencies, core ones first."""
    enter_asked(uow, actor, Action.SEE_ROSTER)
    return rosters(uow)


def rosters(uow: UnitOfWork) -> list[Roster]:
    """The same, for what is delivered and for the command line."""
    return [_roster(uow, team) for team in uow.teams()]


def ask_page(uow: UnitOfWork, actor: Person) -> None:
    """Have the page of today put among the person's direct messages, in place of an older day's."""
    enter_asked(uow, actor, Action.SEE_ROSTER)
    person = stored(uow, actor)
    page = Notification(Kind.ROSTER_PAGE, person.id, recipient=person.id, params=Day(page_day(uow)))
    older = uow.find(Posted, person_id=person.id, case_id=None)
    uow.enqueue(page, *(refresh(p) for p in older if p.kind is Kind.ROSTER_PAGE and p.key != page.key))


def page_day(uow: UnitOfWork) -> date:
    """The day of which a page made now is."""
    return uow.now.astimezone(zone_of(uow)).date()


def _roster(uow: UnitOfWork, team: Team) -> Roster:
    seated = [c.person_id for c in uow.coordinators(team.id)]
    contacts = {a.id: uow.contacts(a.id) for a in uow.agencies(team.id) if not a.reached_by_coordinator}
    named = {*seated, *(c.person_id for group in contacts.values() for c in group)}
    persons = {p.id: p for p in uow.find(Person, id=sorted(named))}

    def listed(agency: Agency) -> Listed:
        if agency.reached_by_coordinator:
            return Listed(agency, None)
        own = [c for c in contacts[agency.id] if not c.waits]
        turn = turn_of(own, persons, now=uow.now, team=team)
        return Listed(agency, turn, tuple(own))

    agencies = sorted(uow.agencies(team.id), key=lambda a: (not a.core, a.shown_name.casefold()))
    people = tuple(persons[id] for id in seated if id in persons)
    return Roster(team, people, tuple(map(listed, agencies)), persons)

"""Compare a partners file with what is stored, and apply the differences."""

from __future__ import annotations

from itertools import count
from typing import Any

from bot.domain.case.entities import Case, Involvement, Seat, SeatRole
from bot.domain.directory.entities import SHELTERING, Agency, Contact, Coordinator, Person, Team
from bot.usecases.directory.coordinators import add_coordinator, end_coordinator
from bot.usecases.directory.partners.people import people_of, shown
from bot.usecases.directory.partners.plan import Draft, Plan, Verb, changes_of, described
from bot.usecases.directory.partners.reader import PartnersFile
from bot.usecases.directory.partners.schema import AgencyTable, ContactTable, TeamTable
from bot.usecases.ports import UnitOfWork

HOLDS_A_SEAT = "holds a seat in an open case"
TAKES_PART = "takes part in an open case"
COORDINATES = "has a seat in an open case as coordinator; relieve them in Slack with «/tot koordinator»"
KIND_STAYS = "takes part in an open case, so it cannot become or stop being a sheltering service meanwhile"


class Comparison:
    """Goes through a file, team by team, and collects the differences."""

    def __init__(self, uow: UnitOfWork, file: PartnersFile) -> None:
        self._uow = uow
        self._file = file
        self._draft = Draft(uow)
        self._appoint: list[tuple[str, str]] = []
        self._relieve: list[Coordinator] = []
        # What open cases need: agencies whose part has not ended, and who has a seat for which of them, or as
        # coordinator for which team. It consists of ids only, without the code of any case.
        teams_of = {c.id: c.team_id for c in uow.find(Case, closed_at=None)}
        agencies_of = {
            i.id: i.agency_id for i in uow.find(Involvement, ended_at=None) if i.case_id in teams_of
        }
        seats = [s for s in uow.find(Seat) if s.live and s.case_id in teams_of]
        uow.refuse_unreadable()
        self._in_use = set(agencies_of.values())
        self._seated = {(teams_of[s.case_id], s.person_id) for s in seats if s.role is SeatRole.COORDINATOR}
        self._seated |= {(agencies_of.get(s.involvement_id or "", ""), s.person_id) for s in seats}
        self._people = people_of(self._draft, dict.fromkeys(file.humans.values()))
        teams = {team.key: team for team in uow.teams()}
        first = not teams
        for entry in file.teams:
            self._team(entry, teams.pop(entry.key, None))
        self.plan = Plan(first, tuple(self._draft.differences), tuple(teams))

    def carry_out(self) -> None:
        self._draft.carry_out()
        # The new ones first: a team is never without a coordinator.
        for team_id, person_id in self._appoint:
            add_coordinator(self._uow, team_id, person_id)
        for coordinator in self._relieve:
            end_coordinator(self._uow, coordinator)

    def _team(self, entry: TeamTable, team: Team | None) -> None:
        facts: dict[str, Any] = {
            "name": entry.name,
            "mandate": entry.mandate,
            "language": entry.language,
            "zone": entry.zone,
            "rules": entry.team_rules,
        }
        if team is None:
            team = Team(self._uow.ids.new(), entry.key, **facts)
            self._draft.add("team", entry.key, team)
        else:
            self._draft.change("team", entry.key, team, facts)
        self._coordinators(entry, team)
        stored = {agency.key: agency for agency in self._uow.find(Agency, team_id=team.id)}
        for each in entry.agencies:
            self._agency(team, each, stored.pop(each.key, None))
        for agency in stored.values():
            if not agency.retired:
                self._missing_agency(f"{team.key}/{agency.key}", agency)

    def _coordinators(self, entry: TeamTable, team: Team) -> None:
        now = {c.person_id: c for c in self._uow.coordinators(team.id)}
        for human in map(self._file.human, entry.coordinators):
            person_id = self._people[human]
            if now.pop(person_id, None) is None:
                self._appoint.append((team.id, person_id))
                self._draft.note(Verb.ADDED, "coordinator", f"{team.key}: {human.shown}")
        for person_id, coordinator in now.items():
            which = f"{team.key}: {self._shown(person_id)}"
            if (team.id, person_id) in self._seated:
                self._draft.note(Verb.KEPT, "coordinator", which, why=COORDINATES)
            else:
                self._relieve.append(coordinator)
                self._draft.note(Verb.REMOVED, "coordinator", which)

    def _agency(self, team: Team, entry: AgencyTable, agency: Agency | None) -> None:
        which = f"{team.key}/{entry.key}"
        facts = {name: value for name, value in entry if name not in ("key", "contacts")}
        if agency is None:
            agency = Agency(self._uow.ids.new(), team.id, entry.key, **facts)
            self._draft.add("agency", which, agency)
        elif agency.id in self._in_use and (agency.kind in SHELTERING) is not (entry.kind in SHELTERING):
            self._draft.note(Verb.KEPT, "agency", which, why=KIND_STAYS)
        else:
            self._draft.change("agency", which, agency, facts, retired=False)
            if agency.duty_line != entry.duty_line:
                self._draft.write(agency, line_confirmed=None)
        # If a person has several contacts, take one that is not retired.
        contacts = sorted(self._uow.find(Contact, agency_id=agency.id), key=lambda c: not c.retired)
        stored = {contact.person_id: contact for contact in contacts}
        for each in entry.contacts:
            human = self._file.human(each)
            person_id = self._people[human]
            self._contact(f"{which}: {human.shown}", agency, each, person_id, stored.pop(person_id, None))
        positions = {each.position for each in entry.contacts}
        for contact in stored.values():
            if not contact.retired and not contact.waits:
                self._missing_contact(which, contact, positions)

    def _missing_agency(self, which: str, agency: Agency) -> None:
        if agency.id in self._in_use:
            self._draft.note(Verb.KEPT, "agency", which, why=TAKES_PART)
            return
        self._draft.note(Verb.REMOVED, "agency", which)
        self._draft.write(agency, retired=True)
        for contact in self._uow.contacts(agency.id):
            self._retire(which, contact)

    def _contact(
        self, which: str, agency: Agency, entry: ContactTable, person_id: str, contact: Contact | None
    ) -> None:
        facts = {name: getattr(entry, name) for name in ("position", "hours", "leader", "title")}
        if contact is None:
            self._draft.add("contact", which, Contact(self._uow.ids.new(), agency.id, person_id, **facts))
        else:
            self._draft.change("contact", which, contact, facts, retired=False, waits=False)

    def _missing_contact(self, agency: str, contact: Contact, positions: set[int]) -> None:
        """Retire a contact missing from the file; one with a seat is kept, after the contacts in the file."""
        if (contact.agency_id, contact.person_id) not in self._seated:
            self._retire(agency, contact)
            return
        position = next(number for number in count(contact.position) if number not in positions)
        positions.add(position)
        changes = changes_of(contact, {"position": position})
        which = f"{agency}: {self._shown(contact.person_id)}"
        self._draft.note(Verb.KEPT, "contact", which, described(contact, changes), HOLDS_A_SEAT)
        self._draft.write(contact, **changes)

    def _retire(self, agency: str, contact: Contact) -> None:
        self._draft.note(Verb.REMOVED, "contact", f"{agency}: {self._shown(contact.person_id)}")
        self._draft.write(contact, retired=True, last_reached=None)

    def _shown(self, person_id: str) -> str:
        person = self._uow.get(Person, person_id)
        return shown(person) if person is not None else ""

"""Bring the directory to what a partners file says; one that takes out whom open cases need is refused."""

from __future__ import annotations

from typing import Any

from bot.domain.case.entities import Case, Involvement, Seat, SeatRole
from bot.domain.directory.entities import SHELTERING, Agency, Contact, Team
from bot.usecases.directory.coordinators import add_coordinator, end_coordinator
from bot.usecases.directory.partners.people import name_of, person_of
from bot.usecases.directory.partners.reader import WrongFile
from bot.usecases.directory.partners.schema import AgencyTable, FileTable, TeamTable
from bot.usecases.ports import UnitOfWork

HOLDS_A_SEAT = "holds a seat in an open case: hand it over first, in Slack with «/tot plass»"
TAKES_PART = "takes part in an open case: let it go first, in Slack with «/tot ut»"
COORDINATES = "has a seat in an open case as coordinator: relieve them in Slack with «/tot koordinator»"
KIND_STAYS = "takes part in an open case, so it cannot become or stop being a sheltering service meanwhile"


class Application:
    """Goes through a file, team by team, and changes what is stored.

    Raises:
        WrongFile: open cases need somebody whom the file takes out.
    """

    def __init__(self, uow: UnitOfWork, file: FileTable) -> None:
        self._uow = uow
        self._faults: list[str] = []
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
        teams = {team.key: team for team in uow.teams()}
        for entry in file.teams:
            self._team(entry, teams.get(entry.key))
        if self._faults:
            raise WrongFile(*self._faults)

    def _team(self, entry: TeamTable, team: Team | None) -> None:
        facts: dict[str, Any] = {
            "name": entry.name,
            "mandate": entry.mandate,
            "language": entry.language,
            "zone": entry.zone,
            "rules": entry.team_rules,
        }
        if team is None:
            team = self._uow.add(Team(self._uow.ids.new(), entry.key, **facts))
        else:
            team = self._uow.change(team, **facts)
        self._coordinators(entry, team)
        stored = {agency.key: agency for agency in self._uow.find(Agency, team_id=team.id)}
        for each in entry.agencies:
            self._agency(team, each, stored.pop(each.key, None))
        for agency in stored.values():
            if not agency.retired:
                self._missing_agency(team, agency)

    def _coordinators(self, entry: TeamTable, team: Team) -> None:
        now = {c.person_id: c for c in self._uow.coordinators(team.id)}
        # The new ones first: a team is never without a coordinator.
        for each in entry.coordinators:
            person_id = person_of(self._uow, each)
            if now.pop(person_id, None) is None:
                add_coordinator(self._uow, team.id, person_id)
        for person_id, coordinator in now.items():
            if (team.id, person_id) in self._seated:
                name = name_of(self._uow, person_id)
                self._faults.append(f"coordinator {team.key}: {name} {COORDINATES}")
            else:
                end_coordinator(self._uow, coordinator)

    def _agency(self, team: Team, entry: AgencyTable, agency: Agency | None) -> None:
        facts = {name: value for name, value in entry if name not in ("key", "contacts")}
        if agency is None:
            agency = self._uow.add(Agency(self._uow.ids.new(), team.id, entry.key, **facts))
        else:
            if agency.id in self._in_use and (agency.kind in SHELTERING) is not (entry.kind in SHELTERING):
                self._faults.append(f"agency {team.key}/{entry.key} {KIND_STAYS}")
            confirmed = agency.line_confirmed if agency.duty_line == entry.duty_line else None
            agency = self._uow.change(agency, **facts, retired=False, line_confirmed=confirmed)
        # If a person has several contacts, take one that is not retired.
        contacts = sorted(self._uow.find(Contact, agency_id=agency.id), key=lambda c: not c.retired)
        stored = {contact.person_id: contact for contact in contacts}
        named = set()
        for each in entry.contacts:
            person_id = person_of(self._uow, each)
            of_role = {name: getattr(each, name) for name in ("position", "hours", "leader", "title")}
            if person_id not in stored:
                new = Contact(self._uow.ids.new(), agency.id, person_id, **of_role)
                stored[person_id] = self._uow.add(new)
            else:
                known = stored[person_id]
                stored[person_id] = self._uow.change(known, **of_role, retired=False, waits=False)
            named.add(person_id)
        for contact in stored.values():
            if contact.person_id not in named and not contact.retired and not contact.waits:
                if (agency.id, contact.person_id) in self._seated:
                    name = name_of(self._uow, contact.person_id)
                    self._faults.append(f"contact {team.key}/{agency.key}: {name} {HOLDS_A_SEAT}")
                self._retire(contact)

    def _missing_agency(self, team: Team, agency: Agency) -> None:
        if agency.id in self._in_use:
            self._faults.append(f"agency {team.key}/{agency.key} {TAKES_PART}")
        self._uow.change(agency, retired=True)
        for contact in self._uow.contacts(agency.id):
            self._retire(contact)

    def _retire(self, contact: Contact) -> None:
        self._uow.change(contact, retired=True, last_reached=None)

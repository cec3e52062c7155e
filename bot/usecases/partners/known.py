"""What the bot knows of its partners now, and who of them may not be dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.case import Case, Involvement, Seat, SeatRole
from bot.domain.directory import Agency, Contact, Coordinator, Person, Team
from bot.usecases.partners.entries import Human
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True)
class Held:
    """What open cases hold on to. Ids throughout; no code of any case."""

    contacts: frozenset[tuple[str, str]]
    """(agency, person) with a live seat for that agency."""
    coordinators: frozenset[tuple[str, str]]
    """(team, person) with a live seat as a coordinator."""
    agencies: frozenset[str]
    """Agencies whose part in a case has not ended."""


@dataclass(frozen=True)
class Known:
    """A snapshot of the directory, retired agencies and contacts included."""

    teams: dict[str, Team]
    """By key."""
    agencies: tuple[Agency, ...]
    contacts: tuple[Contact, ...]
    coordinators: tuple[Coordinator, ...]
    """Those of now."""
    persons: dict[str, Person]
    with_a_part: frozenset[str]
    """Persons who have, or have had, any role or seat."""
    held: Held

    def agencies_of(self, team: Team | None) -> dict[str, Agency]:
        """The team's agencies by key."""
        return {a.key: a for a in self.agencies if team is not None and a.team_id == team.id}

    def contacts_of(self, agency: Agency | None) -> dict[str, Contact]:
        """The agency's contacts by person, one each: a retired one only where there is no other."""
        own = [c for c in self.contacts if agency is not None and c.agency_id == agency.id]
        return {c.person_id: c for c in sorted(own, key=lambda c: not c.retired)}

    def coordinators_of(self, team: Team | None) -> dict[str, Coordinator]:
        """The team's coordinators by person."""
        return {c.person_id: c for c in self.coordinators if team is not None and c.team_id == team.id}

    def human(self, person_id: str) -> Human:
        """A stored person, as a file would name them."""
        person = self.persons[person_id]
        return Human(person.slack_id, person.work_mail)


def what_is_known(uow: UnitOfWork) -> Known:
    """Read the snapshot."""
    contacts = uow.find(Contact)
    coordinators = uow.find(Coordinator)
    seats = uow.find(Seat)
    return Known(
        teams={t.key: t for t in uow.teams()},
        agencies=tuple(uow.find(Agency)),
        contacts=tuple(contacts),
        coordinators=tuple(c for c in coordinators if c.until is None),
        persons={p.id: p for p in uow.find(Person)},
        with_a_part=frozenset(
            [
                *(c.person_id for c in contacts),
                *(c.person_id for c in coordinators),
                *(s.person_id for s in seats),
            ]
        ),
        held=_held(uow, seats),
    )


def _held(uow: UnitOfWork, seats: Iterable[Seat]) -> Held:
    cases = {c.id: c for c in uow.find(Case, closed_at=None)}
    unended = {i.id: i for i in uow.find(Involvement, ended_at=None) if i.case_id in cases}
    live = [s for s in seats if s.live and s.case_id in cases]
    return Held(
        contacts=frozenset(
            (unended[s.involvement_id].agency_id, s.person_id) for s in live if s.involvement_id in unended
        ),
        coordinators=frozenset(
            (cases[s.case_id].team_id, s.person_id) for s in live if s.role is SeatRole.COORDINATOR
        ),
        agencies=frozenset(i.agency_id for i in unended.values()),
    )

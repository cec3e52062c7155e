"""The stored partners now, and an import as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from bot.domain.case.entities import Case, Involvement, Seat, SeatRole
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.usecases.directory.partners.entries import AgencyEntry, ContactEntry, Human, TeamEntry
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True)
class InUse:
    """Roles that open cases still need. Ids throughout; no code of any case."""

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
    in_use: InUse

    def agencies_of(self, team: Team | None) -> dict[str, Agency]:
        return {a.key: a for a in self.agencies if team is not None and a.team_id == team.id}

    def contacts_of(self, agency: Agency | None) -> dict[str, Contact]:
        """The agency's contacts by person, one each: a retired one only where there is no other."""
        own = [c for c in self.contacts if agency is not None and c.agency_id == agency.id]
        return {c.person_id: c for c in sorted(own, key=lambda c: not c.retired)}

    def coordinators_of(self, team: Team | None) -> dict[str, Coordinator]:
        return {c.person_id: c for c in self.coordinators if team is not None and c.team_id == team.id}

    def human(self, person_id: str) -> Human:
        """A stored person, as a file would name them."""
        person = self.persons[person_id]
        return Human(person.slack_id, person.work_mail)


def what_is_known(uow: UnitOfWork) -> Known:
    contacts = uow.find(Contact)
    coordinators = uow.find(Coordinator)
    seats = uow.find(Seat)
    uow.refuse_unreadable()
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
        in_use=_in_use(uow, seats),
    )


def _in_use(uow: UnitOfWork, seats: Iterable[Seat]) -> InUse:
    cases = {c.id: c for c in uow.find(Case, closed_at=None)}
    unended = {i.id: i for i in uow.find(Involvement, ended_at=None) if i.case_id in cases}
    live = [s for s in seats if s.live and s.case_id in cases]
    return InUse(
        contacts=frozenset(
            (unended[s.involvement_id].agency_id, s.person_id) for s in live if s.involvement_id in unended
        ),
        coordinators=frozenset(
            (cases[s.case_id].team_id, s.person_id) for s in live if s.role is SeatRole.COORDINATOR
        ),
        agencies=frozenset(i.agency_id for i in unended.values()),
    )


class Verb(StrEnum):
    """The effect on one thing; `kept` is missing from the file, and an open case needs it."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Changed:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the difference. `which` is a key, a Slack id or a mail; never anything of a case."""

    verb: Verb
    kind: str
    which: str
    changes: tuple[Changed, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class PersonStep:
    """A human of the file: the stored person, if any, what changes, a bare duplicate to take over, and
    who gives up the work mail because this human has it now.
    """

    human: Human
    person: Person | None = None
    changes: tuple[tuple[str, Any], ...] = ()
    absorbs: Person | None = None
    mail_of: Person | None = None


@dataclass(frozen=True)
class ContactStep:
    """A contact of the file, and the stored one, retired or not."""

    entry: ContactEntry
    contact: Contact | None
    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class AgencyStep:
    """An agency of the file, the stored one, its contacts; and the stored contacts that move or go."""

    entry: AgencyEntry
    agency: Agency | None
    changes: tuple[tuple[str, Any], ...]
    contacts: tuple[ContactStep, ...]
    retire: tuple[Contact, ...] = ()
    move: tuple[tuple[Contact, int], ...] = ()


@dataclass(frozen=True)
class TeamStep:
    """A team of the file, the stored one, and all that is in it."""

    entry: TeamEntry
    team: Team | None
    changes: tuple[tuple[str, Any], ...]
    appoint: tuple[Human, ...]
    relieve: tuple[Coordinator, ...]
    agencies: tuple[AgencyStep, ...]
    retire: tuple[Agency, ...] = ()
    retire_contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Plan:
    """An import that has not happened yet.

    `first`: nothing has been imported before. `untouched` are the keys of stored teams that the file
    does not name. Two plans are the same to an operator when their `differences` are.
    """

    first: bool
    people: tuple[PersonStep, ...]
    teams: tuple[TeamStep, ...]
    differences: tuple[Difference, ...]
    untouched: tuple[str, ...] = ()

    @property
    def does_something(self) -> bool:
        """Return whether anything would change."""
        return any(d.verb is not Verb.KEPT or d.changes for d in self.differences)

    def count(self, verb: Verb, kind: str) -> int:
        """Return how many of a kind are added, changed, removed or kept."""
        return sum(d.verb is verb and d.kind == kind for d in self.differences)


def changes_between(stored: object, wanted: object, names: Iterable[str]) -> tuple[tuple[str, Any], ...]:
    """The fields in which what is stored is not what is wanted, with the wanted value."""
    return tuple(
        (name, getattr(wanted, name)) for name in names if getattr(stored, name) != getattr(wanted, name)
    )


def described(stored: object, changes: Iterable[tuple[str, Any]]) -> tuple[Changed, ...]:
    """The changes as text; of a group of rules, the single rules."""
    return tuple(
        changed for name, after in changes for changed in _described(name, getattr(stored, name), after)
    )


def _described(name: str, before: Any, after: Any) -> Iterator[Changed]:
    if name == "rules":
        for rule in fields(after):
            was, becomes = getattr(before, rule.name), getattr(after, rule.name)
            if was != becomes:
                yield Changed(rule.name, _text(was), _text(becomes))
    else:
        yield Changed(name, _text(before), _text(after))


def _text(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return ", ".join(map(_text, value)) or "nothing"
    if hasattr(value, "any_of"):
        return f"{value.minimum}, one of {_text(value.any_of)}"
    return " ".join(str(value).split())

"""The stored partners now, and an import as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from bot.domain.case.entities import Case, Involvement, Seat, SeatRole
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.usecases.directory.partners.schema import Human
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True)
class Known:
    """A snapshot of the directory, retired agencies and contacts included, and of what open cases need of it:
    of that ids throughout, and no code of any case.
    """

    teams: dict[str, Team]
    """By key."""
    agencies: tuple[Agency, ...]
    contacts: tuple[Contact, ...]
    coordinators: tuple[Coordinator, ...]
    """Those of now."""
    persons: dict[str, Person]
    with_a_part: frozenset[str]
    """Persons who have, or have had, any role or seat."""
    seated_contacts: frozenset[tuple[str, str]]
    """(agency, person) with a live seat for that agency."""
    seated_coordinators: frozenset[tuple[str, str]]
    """(team, person) with a live seat as a coordinator."""
    agencies_in_use: frozenset[str]
    """Agencies whose part in a case has not ended."""

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
    contacts, coordinators, seats = uow.find(Contact), uow.find(Coordinator), uow.find(Seat)
    uow.refuse_unreadable()
    parts: list[Contact | Coordinator | Seat] = [*contacts, *coordinators, *seats]
    cases = {c.id: c for c in uow.find(Case, closed_at=None)}
    unended = {i.id: i for i in uow.find(Involvement, ended_at=None) if i.case_id in cases}
    live = [s for s in seats if s.live and s.case_id in cases]
    return Known(
        teams={t.key: t for t in uow.teams()},
        agencies=tuple(uow.find(Agency)),
        contacts=tuple(contacts),
        coordinators=tuple(c for c in coordinators if c.until is None),
        persons={p.id: p for p in uow.find(Person)},
        with_a_part=frozenset(part.person_id for part in parts),
        seated_contacts=frozenset(
            (unended[s.involvement_id].agency_id, s.person_id) for s in live if s.involvement_id in unended
        ),
        seated_coordinators=frozenset(
            (cases[s.case_id].team_id, s.person_id) for s in live if s.role is SeatRole.COORDINATOR
        ),
        agencies_in_use=frozenset(i.agency_id for i in unended.values()),
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


#: What is written: a new entity (None), or a stored one with what changes of it.
Write = tuple[object, dict[str, Any] | None]


@dataclass(frozen=True)
class Plan:
    """An import that has not happened yet.

    `first`: nothing has been imported before. `untouched` are the keys of stored teams that the file
    does not name, `teams` those stored that it does. To `appoint` are ids of teams and people, after all
    `writes`. Two plans are the same to an operator when their `differences` are.
    """

    first: bool
    differences: tuple[Difference, ...]
    untouched: tuple[str, ...]
    teams: tuple[Team, ...]
    writes: tuple[Write, ...]
    appoint: tuple[tuple[str, str], ...]
    relieve: tuple[Coordinator, ...]

    @property
    def does_something(self) -> bool:
        return any(d.verb is not Verb.KEPT or d.changes for d in self.differences)

    def count(self, verb: Verb, kind: str) -> int:
        return sum(d.verb is verb and d.kind == kind for d in self.differences)


def changes_between(stored: object, wanted: object, names: Iterable[str]) -> dict[str, Any]:
    """The fields in which what is stored is not what is wanted, with the wanted value."""
    return {name: getattr(wanted, name) for name in names if getattr(stored, name) != getattr(wanted, name)}


def described(stored: object, changes: Mapping[str, Any]) -> tuple[Changed, ...]:
    """The changes as text; of a group of rules, the single rules."""
    return tuple(
        changed
        for name, after in changes.items()
        for changed in _described(name, getattr(stored, name), after)
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

"""Compare a partners file with what is stored: each human in it is found by Slack id or work mail.

A Slack id is a human's own and stays for good; a work mail may be handed on. Whoever comes with another
Slack id and a known mail is somebody new: no seat, no confirmed taushetsplikt and no answer follows the mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from bot.domain.case.entities import Case, Involvement, Seat, SeatRole
from bot.domain.directory.entities import SHELTERING, Agency, Contact, Coordinator, Person, Team
from bot.domain.errors import TotError
from bot.usecases.directory.partners.reader import PartnersFile, TeamEntry, made_from
from bot.usecases.directory.partners.schema import AgencyTable, ContactTable, Human
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


class TwoPeople(TotError):
    """The file gives one human the Slack id of one person and the work mail of another, who has no Slack id:
    they may be one or two.
    """

    def __init__(self, *humans: Human) -> None:
        why = "the Slack id is one person's and the work mail another's, as the bot knows them"
        super().__init__("\n".join(f"{human.shown}: {why}; give each an entry" for human in humans))


class _People:
    """Finds the stored person of each human, or makes one. What is given up is so before it is taken."""

    def __init__(self, file: PartnersFile, known: Known, new_id: Callable[[], str]) -> None:
        self._known = known
        self._new_id = new_id
        self._by_slack = {p.slack_id: p for p in known.persons.values() if p.slack_id is not None}
        self._by_mail = {p.work_mail.casefold(): p for p in known.persons.values() if p.work_mail is not None}
        self._taken = {
            self._by_slack[human.slack_id].id for human in file.humans if human.slack_id in self._by_slack
        }
        self.id_of: dict[Human, str] = {}
        self.clashes: list[Human] = []
        self.differences: list[Difference] = []
        self.given_up: list[Write] = []
        self.writes: list[Write] = []
        for human in file.humans:
            self._find(human)

    def _find(self, human: Human) -> None:
        """The Slack id tells more than the mail, which may have been handed on."""
        by_slack = self._by_slack.get(human.slack_id or "")
        by_mail = self._by_mail.get((human.work_mail or "").casefold())
        if by_mail is not None and by_mail.id in self._taken:
            by_mail = None
        if by_slack is None:
            if by_mail is None or by_mail.slack_id is None:
                self._found(human, by_mail)
            else:
                self._found(human, None, mail_of=by_mail)
        elif by_mail is None or by_mail.id == by_slack.id:
            self._found(human, by_slack)
        elif by_mail.slack_id is not None or self._is_bare(by_mail):
            self._found(human, by_slack, mail_of=by_mail)
        elif self._is_bare(by_slack):
            self._found(human, by_mail, absorbs=by_slack)
        else:
            self.clashes.append(human)

    def _is_bare(self, person: Person) -> bool:
        """Somebody who has only ever looked at the bot, say: nothing refers to their role."""
        return person.id not in self._known.with_a_part

    def _found(
        self,
        human: Human,
        person: Person | None,
        *,
        absorbs: Person | None = None,
        mail_of: Person | None = None,
    ) -> None:
        """`absorbs` is a bare duplicate to take over, `mail_of` who has this human's work mail no more."""
        if absorbs is not None:
            gone = {"slack_id": None, "work_mail": None, "dm_channel": None, "home": False}
            self.given_up.append((absorbs, gone))
        if mail_of is not None:
            self._note(mail_of, {"work_mail": None})
            self.given_up.append((mail_of, {"work_mail": None}))
        if person is None:
            person = Person(self._new_id(), human.slack_id, human.work_mail)
            self.writes.append((person, None))
        elif changes := changes_between(person, human, ("slack_id", "work_mail")):
            self._note(person, changes)
            without: dict[str, Any] = dict.fromkeys(changes)
            self.given_up.append((person, without))
            account = _of_the_account(person, absorbs) if "slack_id" in changes else {}
            self.writes.append((replace(person, **without), changes | account))
        self.id_of[human] = person.id

    def _note(self, person: Person, changes: dict[str, Any]) -> None:
        shown = self._known.human(person.id).shown
        self.differences.append(Difference(Verb.CHANGED, "person", shown, described(person, changes)))


def _of_the_account(person: Person, absorbed: Person | None) -> dict[str, Any]:
    """Return what belongs to a Slack account, and so comes with the Slack id."""
    spoken = absorbed if absorbed is not None and person.language is None else person
    return {
        "dm_channel": absorbed.dm_channel if absorbed else None,
        "home": absorbed.home if absorbed else False,
        "deactivated": absorbed.deactivated if absorbed else False,
        "language": spoken.language,
        "language_on": spoken.language_on,
    }


_TEAM = ("name", "mandate", "language", "zone", "rules")
AGENCY_FIELDS = tuple(name for name in AgencyTable.model_fields if name not in ("key", "contacts"))
_CONTACT = ("position", "hours", "leader", "title")
HOLDS_A_SEAT = "holds a seat in an open case"
TAKES_PART = "takes part in an open case"
COORDINATES = "has a seat in an open case as coordinator; relieve them in Slack with «/tot koordinator»"
KIND_STAYS = "takes part in an open case, so who is reached through the coordinator cannot change meanwhile"


def compare(file: PartnersFile, known: Known, new_id: Callable[[], str]) -> Plan:
    people = _People(file, known, new_id)
    if people.clashes:
        raise TwoPeople(*people.clashes)
    found = _Comparison(known, people.id_of, new_id)
    for entry in file.teams:
        found.team(entry)
    named = {entry.key for entry in file.teams}
    return Plan(
        first=not known.teams,
        differences=(*people.differences, *found.differences),
        untouched=tuple(key for key in known.teams if key not in named),
        teams=tuple(team for key, team in known.teams.items() if key in named),
        writes=(*people.given_up, *people.writes, *found.writes),
        appoint=tuple(found.appoint),
        relieve=tuple(found.relieve),
    )


class _Comparison:
    """Collects the differences on the way, and what is written for them."""

    def __init__(self, known: Known, id_of: dict[Human, str], new_id: Callable[[], str]) -> None:
        self._known = known
        self._id_of = id_of
        self._new_id = new_id
        self.differences: list[Difference] = []
        self.writes: list[Write] = []
        self.appoint: list[tuple[str, str]] = []
        self.relieve: list[Coordinator] = []

    def team(self, entry: TeamEntry) -> None:
        team = self._known.teams.get(entry.key)
        if team is None:
            self._note(Verb.ADDED, "team", entry.key)
            team_id = self._new_id()
            self.writes.append((made_from(entry, Team, id=team_id), None))
        else:
            team_id = team.id
            changes = changes_between(team, entry, _TEAM)
            if changes:
                self._note(Verb.CHANGED, "team", entry.key, team, changes)
            self._change(team, changes)
        stored = self._known.agencies_of(team)
        self._coordinators(entry, team_id, self._known.coordinators_of(team))
        for each in entry.agencies:
            self._agency(entry.key, team_id, each, stored.get(each.key))
        self._retire_agencies(entry, stored)

    def _coordinators(self, entry: TeamEntry, team_id: str, now: dict[str, Coordinator]) -> None:
        wanted = {self._id_of[human]: human for human in entry.coordinators}
        for person_id, human in wanted.items():
            if person_id not in now:
                self.appoint.append((team_id, person_id))
                self._note(Verb.ADDED, "coordinator", f"{entry.key}: {human.shown}")
        for person_id, coordinator in now.items():
            if person_id in wanted:
                continue
            held = (team_id, person_id) in self._known.seated_coordinators
            if not held:
                self.relieve.append(coordinator)
            which = f"{entry.key}: {self._known.human(person_id).shown}"
            self._note(Verb.KEPT if held else Verb.REMOVED, "coordinator", which, why=COORDINATES * held)

    def _agency(self, team_key: str, team_id: str, entry: AgencyTable, agency: Agency | None) -> None:
        which = f"{team_key}/{entry.key}"
        agency_id = agency.id if agency is not None else self._new_id()
        if agency is None:
            self._note(Verb.ADDED, "agency", which)
            self.writes.append((made_from(entry, Agency, id=agency_id, team_id=team_id), None))
        else:
            self._change(agency, self._changes_of(which, entry, agency))
        stored = self._known.contacts_of(agency)
        for each in entry.contacts:
            self._contact(which, agency_id, each, stored.get(self._id_of[each.human]))
        self._others(which, entry, stored)

    def _changes_of(self, which: str, entry: AgencyTable, agency: Agency) -> dict[str, Any]:
        changes = changes_between(agency, entry, AGENCY_FIELDS)
        in_use = agency.id in self._known.agencies_in_use
        if agency.retired:
            self._note(Verb.ADDED, "agency", which)
            changes["retired"] = False
        elif in_use and (agency.kind in SHELTERING) != (entry.kind in SHELTERING):
            self._note(Verb.KEPT, "agency", which, why=KIND_STAYS)
            return {}
        elif changes:
            self._note(Verb.CHANGED, "agency", which, agency, changes)
        return changes | ({"line_confirmed": None} if "duty_line" in changes else {})

    def _retire_agencies(self, entry: TeamEntry, stored: dict[str, Agency]) -> None:
        named = {agency.key for agency in entry.agencies}
        gone = []
        for key, agency in stored.items():
            if key in named or agency.retired:
                continue
            held = agency.id in self._known.agencies_in_use
            if not held:
                gone.append(agency)
                self._change(agency, {"retired": True})
            verb = Verb.KEPT if held else Verb.REMOVED
            self._note(verb, "agency", f"{entry.key}/{key}", why=TAKES_PART * held)
        for agency in gone:
            for contact in self._known.contacts_of(agency).values():
                if not contact.retired:
                    self._retire(f"{entry.key}/{agency.key}", contact)

    def _contact(self, agency: str, agency_id: str, entry: ContactTable, contact: Contact | None) -> None:
        which = f"{agency}: {entry.human.shown}"
        if contact is None:
            self._note(Verb.ADDED, "contact", which)
            ids = {"agency_id": agency_id, "person_id": self._id_of[entry.human]}
            self.writes.append((made_from(entry, Contact, id=self._new_id(), **ids), None))
            return
        changes = changes_between(contact, entry, _CONTACT)
        if contact.retired or contact.waits:
            self._note(Verb.ADDED, "contact", which)
            changes |= {"retired": False, "waits": False}
        elif changes:
            self._note(Verb.CHANGED, "contact", which, contact, changes)
        self._change(contact, changes)

    def _others(self, agency: str, entry: AgencyTable, stored: dict[str, Contact]) -> None:
        """Stored contacts that the file does not have: retired, or kept and moved behind those it has."""
        named = {self._id_of[each.human] for each in entry.contacts}
        positions = {each.position for each in entry.contacts}
        for person_id, contact in stored.items():
            if person_id in named or contact.retired or contact.waits:
                continue
            if (contact.agency_id, person_id) not in self._known.seated_contacts:
                self._retire(agency, contact)
                continue
            position = contact.position
            while position in positions:
                position += 1
            positions.add(position)
            changes = {"position": position} if position != contact.position else {}
            which = f"{agency}: {self._known.human(person_id).shown}"
            self._note(Verb.KEPT, "contact", which, contact, changes, HOLDS_A_SEAT)
            self._change(contact, changes)

    def _retire(self, agency: str, contact: Contact) -> None:
        self._note(Verb.REMOVED, "contact", f"{agency}: {self._known.human(contact.person_id).shown}")
        self._change(contact, {"retired": True, "last_reached": None})

    def _change(self, entity: object, changes: dict[str, Any]) -> None:
        if changes:
            self.writes.append((entity, changes))

    def _note(
        self,
        verb: Verb,
        kind: str,
        which: str,
        stored: object = None,
        changes: dict[str, Any] | None = None,
        why: str = "",
    ) -> None:
        self.differences.append(Difference(verb, kind, which, described(stored, changes or {}), why))

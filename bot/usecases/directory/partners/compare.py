"""Compare a file with what is stored: each human in it is found by Slack id or work mail.

A Slack id is a human's own and stays for good; a work mail may be handed on. Whoever comes with another
Slack id and a known mail is somebody new: no seat, no confirmed taushetsplikt and no answer follows the mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.directory.entities import SHELTERING, Agency, Contact, Coordinator, Person, Team
from bot.domain.errors import TotError
from bot.usecases.directory.partners.entries import PartnersFile, TeamEntry, made_from
from bot.usecases.directory.partners.plan import (
    Difference,
    Known,
    Plan,
    Verb,
    Write,
    changes_between,
    described,
)
from bot.usecases.directory.partners.schema import AgencyTable, ContactTable, Human


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

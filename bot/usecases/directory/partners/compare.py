"""Finding the stored person behind each human of the file, by Slack id or work mail.

A Slack id is a human's own and stays for good; a work mail may be handed on. Whoever comes with another
Slack id and a known mail is somebody new: no seat, no confirmed taushetsplikt and no answer follows the mail.
"""

from __future__ import annotations

from typing import Any

from bot.domain.directory.entities import SHELTERING, Agency, Contact, Coordinator, Person, Team
from bot.domain.errors import TotError
from bot.usecases.directory.partners.entries import AgencyEntry, ContactEntry, Human, PartnersFile, TeamEntry
from bot.usecases.directory.partners.plan import (
    AgencyStep,
    ContactStep,
    Difference,
    Known,
    PersonStep,
    Plan,
    TeamStep,
    Verb,
    changes_between,
    described,
)


class TwoPeople(TotError):
    """The file gives one human the Slack id of one person and the work mail of another, who has no Slack id:
    they may be one or two.
    """

    def __init__(self, *humans: Human) -> None:
        why = "the Slack id is one person's and the work mail another's, as the bot knows them"
        super().__init__("\n".join(f"{human.shown}: {why}; give each an entry" for human in humans))


class _Search:
    def __init__(self, file: PartnersFile, known: Known) -> None:
        self._known = known
        self._by_slack = {p.slack_id: p for p in known.persons.values() if p.slack_id is not None}
        self._by_mail = {p.work_mail.casefold(): p for p in known.persons.values() if p.work_mail is not None}
        self._taken = {
            self._by_slack[human.slack_id].id for human in file.humans if human.slack_id in self._by_slack
        }
        self.clashes: list[Human] = []
        self.differences: list[Difference] = []

    def step(self, human: Human) -> PersonStep:
        """One human: the Slack id tells more than the mail, which may have been handed on."""
        by_slack = self._by_slack.get(human.slack_id or "")
        by_mail = self._by_mail.get((human.work_mail or "").casefold())
        if by_mail is not None and by_mail.id in self._taken:
            by_mail = None
        if by_slack is None:
            if by_mail is None or by_mail.slack_id is None:
                return self._step(human, by_mail)
            return self._step(human, None, mail_of=by_mail)
        if by_mail is None or by_mail.id == by_slack.id:
            return self._step(human, by_slack)
        if by_mail.slack_id is not None or self._is_bare(by_mail):
            return self._step(human, by_slack, mail_of=by_mail)
        if self._is_bare(by_slack):
            return self._step(human, by_mail, absorbs=by_slack)
        self.clashes.append(human)
        return PersonStep(human)

    def _is_bare(self, person: Person) -> bool:
        """Somebody who has only ever looked at the bot, say: nothing refers to their role."""
        return person.id not in self._known.with_a_part

    def _step(
        self,
        human: Human,
        person: Person | None,
        *,
        absorbs: Person | None = None,
        mail_of: Person | None = None,
    ) -> PersonStep:
        if mail_of is not None:
            self._note(mail_of, (("work_mail", None),))
        if person is None:
            return PersonStep(human, mail_of=mail_of)
        changes = dict(changes_between(person, human, ("slack_id", "work_mail")))
        if changes:
            self._note(person, tuple(changes.items()))
        if "slack_id" in changes:
            changes |= _of_the_account(person, absorbs)
        return PersonStep(human, person, tuple(changes.items()), absorbs, mail_of)

    def _note(self, person: Person, changes: tuple[tuple[str, Any], ...]) -> None:
        shown = self._known.human(person.id).shown
        self.differences.append(Difference(Verb.CHANGED, "person", shown, described(person, changes)))


def _of_the_account(person: Person, absorbed: Person | None) -> dict[str, Any]:
    """Return what belongs to a Slack account, and so comes with the Slack id."""
    return {
        "dm_channel": absorbed.dm_channel if absorbed else None,
        "home": absorbed.home if absorbed else False,
        "deactivated": absorbed.deactivated if absorbed else False,
        **_language_of(absorbed if absorbed is not None and person.language is None else person),
    }


def _language_of(person: Person) -> dict[str, Any]:
    return {"language": person.language, "language_on": person.language_on}


_TEAM = ("name", "mandate", "language", "zone", "rules")
AGENCY_FIELDS = (
    "kind",
    "name",
    "core",
    "cover_name",
    "duty_line",
    "can",
    "usual_reason",
    "usual_ground",
    "municipal",
    "duty",
)
_CONTACT = ("position", "hours", "leader", "title")
HOLDS_A_SEAT = "holds a seat in an open case"
TAKES_PART = "takes part in an open case"
COORDINATES = "has a seat in an open case as coordinator; relieve them in Slack with «/tot koordinator»"
KIND_STAYS = "takes part in an open case, so who is reached through the coordinator cannot change meanwhile"


def compare(file: PartnersFile, known: Known) -> Plan:
    """Plan what importing the file would do."""
    search = _Search(file, known)
    people = tuple(search.step(human) for human in file.humans)
    if search.clashes:
        raise TwoPeople(*search.clashes)
    comparison = _Comparison(known, people)
    teams = tuple(comparison.team(entry) for entry in file.teams)
    named = {entry.key for entry in file.teams}
    return Plan(
        first=not known.teams,
        people=people,
        teams=teams,
        differences=(*search.differences, *comparison.differences),
        untouched=tuple(key for key in known.teams if key not in named),
    )


class _Comparison:
    """Collects the differences on the way."""

    def __init__(self, known: Known, people: tuple[PersonStep, ...]) -> None:
        self._known = known
        self._id_of = {step.human: step.person.id for step in people if step.person is not None}
        self.differences: list[Difference] = []

    def team(self, entry: TeamEntry) -> TeamStep:
        """One team of the file."""
        team = self._known.teams.get(entry.key)
        changes = changes_between(team, entry, _TEAM) if team is not None else ()
        if team is None:
            self._note(Verb.ADDED, "team", entry.key)
        elif changes:
            self._note(Verb.CHANGED, "team", entry.key, team, changes)
        stored = self._known.agencies_of(team)
        appoint, relieve = self._appoint(entry, team), self._relieve(entry, team)
        agencies = tuple(self._agency(entry.key, each, stored.get(each.key)) for each in entry.agencies)
        retire, retire_contacts = self._retire_agencies(entry, stored)
        return TeamStep(entry, team, changes, appoint, relieve, agencies, retire, retire_contacts)

    # --- coordinators ----------------------------------------------------------------------------

    def _appoint(self, entry: TeamEntry, team: Team | None) -> tuple[Human, ...]:
        now = self._known.coordinators_of(team)
        new = tuple(human for human in entry.coordinators if self._id_of.get(human) not in now)
        for human in new:
            self._note(Verb.ADDED, "coordinator", f"{entry.key}: {human.shown}")
        return new

    def _relieve(self, entry: TeamEntry, team: Team | None) -> tuple[Coordinator, ...]:
        wanted = {self._id_of.get(human) for human in entry.coordinators}
        gone = []
        for person_id, coordinator in self._known.coordinators_of(team).items():
            if person_id in wanted:
                continue
            held = (coordinator.team_id, person_id) in self._known.in_use.coordinators
            if not held:
                gone.append(coordinator)
            which = f"{entry.key}: {self._known.human(person_id).shown}"
            self._note(Verb.KEPT if held else Verb.REMOVED, "coordinator", which, why=COORDINATES * held)
        return tuple(gone)

    # --- agencies --------------------------------------------------------------------------------

    def _agency(self, team_key: str, entry: AgencyEntry, agency: Agency | None) -> AgencyStep:
        which = f"{team_key}/{entry.key}"
        changes = changes_between(agency, entry, AGENCY_FIELDS) if agency is not None else ()
        if agency is None or agency.retired:
            self._note(Verb.ADDED, "agency", which)
        elif agency.id in self._known.in_use.agencies and (
            (agency.kind in SHELTERING) != (entry.kind in SHELTERING)
        ):
            self._note(Verb.KEPT, "agency", which, why=KIND_STAYS)
            changes = ()
        elif changes:
            self._note(Verb.CHANGED, "agency", which, agency, changes)
        if agency is not None and agency.retired:
            changes = (*changes, ("retired", False))
        stored = self._known.contacts_of(agency)
        contacts = tuple(
            self._contact(which, each, stored.get(self._id_of.get(each.human, ""))) for each in entry.contacts
        )
        retire, move = self._others(which, entry, stored)
        return AgencyStep(entry, agency, changes, contacts, retire, move)

    def _retire_agencies(
        self, entry: TeamEntry, stored: dict[str, Agency]
    ) -> tuple[tuple[Agency, ...], tuple[Contact, ...]]:
        named = {agency.key for agency in entry.agencies}
        gone = []
        for key, agency in stored.items():
            if key in named or agency.retired:
                continue
            held = agency.id in self._known.in_use.agencies
            if not held:
                gone.append(agency)
            self._note(
                Verb.KEPT if held else Verb.REMOVED, "agency", f"{entry.key}/{key}", why=TAKES_PART * held
            )
        contacts = []
        for agency in gone:
            for contact in self._known.contacts_of(agency).values():
                if not contact.retired:
                    contacts.append(contact)
                    shown = self._known.human(contact.person_id).shown
                    self._note(Verb.REMOVED, "contact", f"{entry.key}/{agency.key}: {shown}")
        return tuple(gone), tuple(contacts)

    # --- contacts --------------------------------------------------------------------------------

    def _contact(self, agency: str, entry: ContactEntry, contact: Contact | None) -> ContactStep:
        which = f"{agency}: {entry.human.shown}"
        if contact is None:
            self._note(Verb.ADDED, "contact", which)
            return ContactStep(entry, None, ())
        changes = changes_between(contact, entry, _CONTACT)
        if contact.retired or contact.waits:
            self._note(Verb.ADDED, "contact", which)
            changes = (*changes, ("retired", False), ("waits", False))
        elif changes:
            self._note(Verb.CHANGED, "contact", which, contact, changes)
        return ContactStep(entry, contact, changes)

    def _others(
        self, agency: str, entry: AgencyEntry, stored: dict[str, Contact]
    ) -> tuple[tuple[Contact, ...], tuple[tuple[Contact, int], ...]]:
        """Stored contacts that the file does not have: retired, or kept and moved behind those it has."""
        named = {self._id_of.get(each.human) for each in entry.contacts}
        positions = {each.position for each in entry.contacts}
        gone, moved = [], []
        for person_id, contact in stored.items():
            if person_id in named or contact.retired or contact.waits:
                continue
            which = f"{agency}: {self._known.human(person_id).shown}"
            if (contact.agency_id, person_id) not in self._known.in_use.contacts:
                gone.append(contact)
                self._note(Verb.REMOVED, "contact", which)
                continue
            position = contact.position
            while position in positions:
                position += 1
            positions.add(position)
            changes = (("position", position),) if position != contact.position else ()
            if changes:
                moved.append((contact, position))
            self._note(Verb.KEPT, "contact", which, contact, changes, HOLDS_A_SEAT)
        return tuple(gone), tuple(moved)

    def _note(
        self,
        verb: Verb,
        kind: str,
        which: str,
        stored: object = None,
        changes: tuple[tuple[str, object], ...] = (),
        why: str = "",
    ) -> None:
        self.differences.append(Difference(verb, kind, which, described(stored, changes), why))

"""Keep an agency: contacts, absences, leader, duty line; the roster of all agencies, which anyone may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import count
from typing import Any

from bot.domain.access import Action, Right
from bot.domain.case.entities import Answer, Ask
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import SHELTERING, Agency, AgencyKind, Contact, Hours, Person, Team
from bot.domain.directory.on_call import first_to_ask
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.domain.notifications import At, ContactDecision, Day, Kind, Notification
from bot.domain.validators import check_duty_line, check_work_mail
from bot.usecases.authorization import (
    enter_agency,
    enter_asked,
    enter_team,
    get_or_refuse,
    not_found,
    teams_of,
)
from bot.usecases.deputies import nameable
from bot.usecases.directory.partners.schema import COVER_NAME
from bot.usecases.drill import refresh_drills
from bot.usecases.involvement.summons import TITLE, checked_field, person_at
from bot.usecases.joint import refresh_joint_meetings
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.outside import people_of
from bot.usecases.ports import PACE, Posted, UnitOfWork, case_files
from bot.usecases.profile import stored, zone_of
from bot.usecases.validation import ChosenPerson, FreeText

_MOST_POSITION = 99
#: The last day of an absence, and the meetings in it for which a deputy can be named.
Absence = tuple[date | None, list[tuple[CaseFile, Ask]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An agency as its form shows it. `approves`: contacts that the reader adds need no approval."""

    agency: Agency
    contacts: tuple[Contact, ...]
    persons: dict[str, Person]
    today: date
    approves: bool

    @property
    def may_take_out(self) -> bool:
        """Return whether the reader can take contacts out.

        A sheltering agency's leader cannot: a refusal would tell that it is in a case, which it is not told.
        """
        return self.approves or not self.agency.reached_by_coordinator


class Tick(StrEnum):
    """A checkbox in the form of an agency, or of a contact."""

    CORE = "core"
    LEADER = "leader"
    RETIRE = "retire"


def see_agencies(uow: UnitOfWork, actor: Person) -> tuple[list[Agency], list[Contact], list[Team]]:
    """The agencies that the person keeps, their own contacts, and the teams that they coordinate."""
    own = uow.find(Contact, person_id=actor.id, retired=False, waits=False)
    teams = teams_of(uow, actor)
    found = {a.id: a for team in teams for a in uow.agencies(team.id)}
    led = (uow.get(Agency, c.agency_id) for c in own if c.leader)
    found |= {a.id: a for a in led if a is not None and not a.retired}
    if not found and not own and not teams:
        enter_agency(uow, actor, Action.KEEP_AGENCY, "")
    return list(found.values()), own, teams


def see_agency(uow: UnitOfWork, actor: Person, agency_id: str) -> Sheet:
    """An agency with all its contacts, including those who wait for approval."""
    agency, rights = enter_agency(uow, actor, Action.KEEP_AGENCY, agency_id)
    contacts = uow.contacts(agency.id)
    persons = {p.id: p for p in uow.find(Person, id=[c.person_id for c in contacts])}
    approves = Right.TEAM_COORDINATOR in rights
    return Sheet(agency, tuple(contacts), persons, _today(uow, agency), approves)


def _today(uow: UnitOfWork, agency: Agency) -> date:
    team = uow.get(Team, agency.team_id)
    return team.day_of(uow.now) if team is not None else uow.now.date()


def see_contact(
    uow: UnitOfWork, actor: Person, agency_id: str, contact_id: str
) -> tuple[Sheet, Contact | None]:
    """An agency and one of its contacts; a new contact has an empty id."""
    sheet = see_agency(uow, actor, agency_id)
    contact = next((c for c in sheet.contacts if c.id == contact_id), None)
    if contact is None and contact_id:
        raise Refused(Refusal.NO_LONGER_ASKED)
    return sheet, contact


def keep_duty_line(uow: UnitOfWork, actor: Person, agency_id: str, *, duty_line: str) -> None:
    """Set the agency's duty line, as typed; an empty text removes it."""
    agency, _ = enter_agency(uow, actor, Action.KEEP_AGENCY, agency_id)
    written = checked_field(check_duty_line, "duty_line", duty_line) or None
    if written != agency.duty_line:
        uow.change(agency, duty_line=written, line_confirmed=None)
        _told_everywhere(uow, agency)


NAME = FreeText("the names of agencies", 75)
CAN = FreeText("what they can do")


def add_agency(
    uow: UnitOfWork,
    actor: Person,
    team_id: str,
    *,
    kind: AgencyKind,
    name: str,
    duty_line: str,
    can: str,
    more: tuple[Tick, ...],
) -> Sheet:
    """Add an agency; it has no contacts yet. A sheltering one is stored under its cover name only."""
    team = enter_team(uow, actor, Action.ADD_AGENCY, team_id)
    name = NAME.checked("name", name, uow.now)
    can = CAN.checked("can", can, uow.now)
    sheltering = kind in SHELTERING
    if sheltering and not COVER_NAME.fullmatch(name):
        raise Invalid(Problem("name", "invalid.cover-name"))
    known = uow.find(Agency, team_id=team.id)
    if any(a.shown_name.casefold() == name.casefold() for a in known if not a.retired):
        raise Invalid(Problem("name", "invalid.agency-known"))
    taken = {a.key for a in known}
    agency = Agency(
        uow.ids.new(),
        team.id,
        next(key for key in map("tjeneste-{}".format, count(1)) if key not in taken),
        kind,
        name,
        core=Tick.CORE in more,
        cover_name=name if sheltering else None,
        duty_line=checked_field(check_duty_line, "duty_line", duty_line) or None,
        can=can,
    )
    uow.add(agency)
    return Sheet(agency, (), {}, team.day_of(uow.now), approves=True)


def keep_contact(
    uow: UnitOfWork,
    actor: Person,
    agency_id: str,
    contact_id: str,
    *,
    person: ChosenPerson | None,
    work_mail: str | None,
    title: str,
    position: int | None,
    hours: Hours,
    away_from: date | None,
    away_until: date | None,
    more: tuple[Tick, ...],
) -> Absence:
    """Add a contact, change one, or take one out. A contact added by a leader waits for the coordinators.

    A new contact has either a Slack id or a work mail.
    """
    sheet, known = see_contact(uow, actor, agency_id, contact_id)
    agency = sheet.agency
    title = TITLE.checked("title", title, uow.now)
    if position is None or not 1 <= position <= _MOST_POSITION:
        raise Invalid(Problem("position", "invalid.position"))
    facts: dict[str, Any] = {"hours": hours, "leader": Tick.LEADER in more, "title": title}
    facts |= _absence(away_from, away_until, sheet.today)
    if known is None:
        added = _new_person(uow, person, work_mail or "")
        contact = _added(uow, agency, added, facts, waits=not sheet.approves)
    elif Tick.RETIRE in more:
        if not sheet.may_take_out:
            raise not_found(uow, actor)
        _refuse_if_seated(uow, known)
        contact = uow.change(known, retired=True, waits=False, last_reached=None)
    else:
        contact = uow.change(known, **facts)
    _put_in_order(uow, agency, contact, position)
    uow.enqueue(home_notification(contact.person_id))
    _told_everywhere(uow, agency)
    return away_until, _meetings_in_absence(uow, actor, contact)


def _told_everywhere(uow: UnitOfWork, agency: Agency) -> None:
    files = case_files(uow, uow.cases_of_team(agency.team_id))
    theirs = (file for file in files if any(part.agency_id == agency.id for part in file.current()))
    for number, file in enumerate(theirs):
        uow.case_changed(file.case.id, uow.now + number * PACE)
    refresh_joint_meetings(uow, agency.team_id)
    refresh_drills(uow, agency.team_id)


def _absence(first: date | None, last: date | None, today: date) -> dict[str, Any]:
    """«Borte til»: the first day (None: today) and the last; without a last day the contact is not away."""
    if last is None:
        first = None
    elif last < max(today, first or today):
        raise Invalid(Problem("away_until", "invalid.away-order"))
    return {"away_from": first, "away_until": last}


def _new_person(uow: UnitOfWork, slack_id: str | None, work_mail: str) -> Person:
    mail = work_mail.strip()
    if (slack_id is None) is not bool(mail):
        raise Invalid(Problem("person", "invalid.contact-two"))
    return stored(uow, person_at(uow, slack_id, checked_field(check_work_mail, "work_mail", mail)))


def _added(uow: UnitOfWork, agency: Agency, person: Person, facts: dict[str, Any], *, waits: bool) -> Contact:
    """Store a new contact, or restore one that had been taken out."""
    earlier = uow.find(Contact, agency_id=agency.id, person_id=person.id)
    if any(not c.retired for c in earlier):
        raise Invalid(Problem("person", "invalid.contact-already"))
    if earlier:
        contact = uow.change(earlier[0], retired=False, waits=waits, **facts)
    else:
        contact = Contact(uow.ids.new(), agency.id, person.id, _MOST_POSITION, waits=waits, **facts)
        uow.add(contact)
    if waits:
        uow.enqueue(
            *(
                Notification(Kind.CONTACT_APPROVAL, contact.id, recipient=c.person_id, params=At(uow.now))
                for c in uow.coordinators(agency.team_id)
            )
        )
    return contact


def _refuse_if_seated(uow: UnitOfWork, contact: Contact) -> None:
    for file in case_files(uow, uow.cases_with(contact.person_id)):
        for seat in file.seats_of(contact.person_id):
            if seat.involvement_id and file.agency_of(seat.involvement_id).id == contact.agency_id:
                raise Invalid(Problem("more", "invalid.holds-seat"))


def _put_in_order(uow: UnitOfWork, agency: Agency, contact: Contact, position: int) -> None:
    """Put the contact at its position, and number all from 1."""
    others = [c for c in uow.contacts(agency.id) if c.id != contact.id]
    if not contact.retired:
        others.insert(position - 1, contact)
    for number, each in enumerate(others, start=1):
        if each.position != number:
            uow.change(each, position=number)


def decide_contact(uow: UnitOfWork, actor: Person, contact_id: str, *, approve: bool) -> None:
    """Approve or refuse a new contact; the agency's leaders are told."""
    contact = get_or_refuse(uow, actor, Contact, contact_id)
    owner = contact.person_id
    agency, _ = enter_agency(uow, actor, Action.APPROVE_CONTACT, contact.agency_id, owner=owner)
    if contact.retired or not contact.waits:
        raise Refused(Refusal.NO_LONGER_ASKED)
    uow.change(contact, waits=False, retired=not approve)
    _told_everywhere(uow, agency)
    uow.enqueue(home_notification(contact.person_id))
    decision = ContactDecision(approve, uow.now)
    leaders = [c for c in uow.contacts(agency.id) if c.leader and not c.waits and c.id != contact.id]
    uow.enqueue(
        *(refresh(p) for p in uow.find(Posted, subject=contact.id, case_id=None)),
        *(
            Notification(Kind.CONTACT_DECIDED, contact.id, recipient=c.person_id, params=decision)
            for c in leaders
        ),
    )


# --- absences ------------------------------------------------------------------------------------


def see_own_contact(uow: UnitOfWork, actor: Person, contact_id: str) -> tuple[Contact, date]:
    """One of the person's own contacts, whose absence holds for all of them, and today."""
    contact = get_or_refuse(uow, actor, Contact, contact_id)
    agency_id = "" if contact.retired else contact.agency_id
    agency, _ = enter_agency(uow, actor, Action.SET_ABSENCE, agency_id, owner=contact.person_id)
    return contact, _today(uow, agency)


def set_absence(
    uow: UnitOfWork, actor: Person, contact_id: str, *, away_from: date | None, away_until: date | None
) -> Absence:
    """Note when a person is away, given one of their contacts, on all of their contacts."""
    contact, today = see_own_contact(uow, actor, contact_id)
    absence = _absence(away_from, away_until, today)
    for each in uow.find(Contact, person_id=actor.id, retired=False):
        uow.change(each, **absence)
    uow.enqueue(home_notification(actor.id))
    return away_until, _meetings_in_absence(uow, actor, replace(contact, **absence))


def _meetings_in_absence(uow: UnitOfWork, actor: Person, contact: Contact) -> list[tuple[CaseFile, Ask]]:
    """The meetings during a contact's absence for which the reader can name a deputy, soonest first.

    For one's own absence, the meetings for every agency; for another person's, those for the contact's
    agency. Meetings for which a deputy has been named already are left out.
    """
    if contact.away_until is None:
        return []
    own = actor.id == contact.person_id
    found = [
        (file, ask)
        for file in case_files(uow, uow.cases_with(contact.person_id))
        for ask in nameable(uow, actor, file)
        if ask.person_id == contact.person_id
        and contact.away(file.team.day_of(file.meeting(ask.meeting_id).starts_at))
        and all(deputy.answer is Answer.DECLINED for deputy in file.deputies_of(ask))
        and (own or file.agency_of_ask(ask).id == contact.agency_id)
    ]
    return sorted(found, key=lambda each: each[0].meeting(each[1].meeting_id).starts_at)


# --- the roster ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """One agency as anyone may see it, with who is asked first `now`, as in a new case.

    A sheltering agency has no contacts here: it is reached through the coordinator.
    """

    agency: Agency
    now: Contact | None = None
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
    """As `see_roster`, for deliveries, without a check of rights."""
    return [_roster(uow, team) for team in uow.teams()]


def ask_page(uow: UnitOfWork, actor: Person) -> None:
    """Send today's page of the roster to the person's direct messages, in place of an older day's."""
    enter_asked(uow, actor, Action.SEE_ROSTER)
    person = stored(uow, actor)
    page = Notification(Kind.ROSTER_PAGE, person.id, recipient=person.id, params=Day(page_day(uow)))
    older = uow.find(Posted, person_id=person.id, case_id=None)
    uow.enqueue(page, *(refresh(p) for p in older if p.kind is Kind.ROSTER_PAGE and p.key != page.key))


def page_day(uow: UnitOfWork) -> date:
    """The day of a page that is made now."""
    return uow.now.astimezone(zone_of(uow)).date()


def _roster(uow: UnitOfWork, team: Team) -> Roster:
    agencies = sorted(uow.agencies(team.id), key=lambda a: (not a.core, a.shown_name.casefold()))
    contacts = {a.id: uow.contacts(a.id) for a in agencies if not a.reached_by_coordinator}
    named = (c.person_id for group in contacts.values() for c in group)
    seated, persons = people_of(uow, team.id, *named)

    def listed(agency: Agency) -> Listed:
        own = [c for c in contacts.get(agency.id, ()) if not c.waits]
        return Listed(agency, first_to_ask(own, persons, now=uow.now, team=team), tuple(own))

    return Roster(team, tuple(persons[id] for id in seated), tuple(map(listed, agencies)), persons)

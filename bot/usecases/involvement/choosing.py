"""The person who is asked for an agency: whom a coordinator chooses, else the contact on call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.case.entities import CaseContact, Involvement
from bot.domain.case.file import CaseFile
from bot.domain.directory import on_call
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.drill import Drill
from bot.domain.errors import Invalid, Problem
from bot.domain.validators import FieldRefused, check_duty_line, check_work_mail
from bot.usecases.authorization import get_or_make_person
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import stored
from bot.usecases.validation import check_text

#: Slack's limit for the text of an option, in which titles are shown.
LONGEST_TITLE = 75


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a coordinator wants asked for an agency: a contact by id, else somebody for this case alone.

    That one has an account in Slack, or a work mail, or a number; `title` is what they are.
    """

    contact_id: str | None = None
    slack_id: str | None = None
    work_mail: str = ""
    line: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class WillBeTold:
    """One human who would now be told, and how; `contact` is None when there is nobody to ask.

    `people` are all of the agency who could be asked, `unlisted` is somebody whom no list has. `drilled`
    tells that the team has held a drill, so that it is of interest when one last reached them.
    """

    agency: Agency
    contact: Contact | None
    within_hours: bool
    by_coordinator: bool
    person: Person | None = None
    people: tuple[tuple[Contact, Person], ...] = ()
    unlisted: Chosen | None = None
    drilled: bool = False

    @property
    def can_choose(self) -> bool:
        """Return whether somebody else could be asked: a sheltering agency's duty phone is rung."""
        return not self.agency.reached_by_coordinator


def who_is_asked(
    uow: UnitOfWork, team: Team, agency: Agency, chosen: Chosen | None = None, file: CaseFile | None = None
) -> WillBeTold:
    """Return the human of an agency who would be asked now: who is `chosen`, else its contact on call.

    `file` is the case, if there is one: it may have people of its own.
    """
    contacts = uow.contacts(agency.id)
    persons = {p.id: p for p in uow.find(Person, id=[c.person_id for c in contacts])} if contacts else {}
    own = [c for c in file.contacts_of(agency.id) if c not in contacts] if file is not None else []
    if file is not None:
        persons |= {c.person_id: file.persons[c.person_id] for c in own}
    people = tuple(
        (c, persons[c.person_id])
        for c in (*contacts, *own)
        if on_call.available(c, team.day_of(uow.now)) and (c in own or persons[c.person_id].can_be_asked)
    )
    if chosen is not None and chosen.contact_id is None and not agency.reached_by_coordinator:
        return replace(_unlisted(uow, agency, chosen, people), people=people)
    wanted = next((c for c, _ in people if chosen is not None and c.id == chosen.contact_id), None)
    if wanted is not None:
        within = on_call.within_hours(wanted, uow.now, team)
    else:
        first = on_call.first_to_ask(contacts, persons, now=uow.now, team=team)
        if first is None:
            return WillBeTold(agency, None, within_hours=False, by_coordinator=True, people=people)
        wanted, within = first.contact, first.within_hours
    told = told_by(uow, persons[wanted.person_id], agency, wanted, within_hours=within)
    return replace(told, people=people)


def told_by(
    uow: UnitOfWork, person: Person, agency: Agency, contact: Contact, *, within_hours: bool = True
) -> WillBeTold:
    """A named human of an agency, as one who would now be told."""
    by_coordinator = agency.reached_by_coordinator or not person.on_slack
    drilled = bool(uow.find(Drill, team_id=agency.team_id))
    return WillBeTold(agency, contact, within_hours, by_coordinator, person, drilled=drilled)


def _unlisted(
    uow: UnitOfWork, agency: Agency, chosen: Chosen, people: Iterable[tuple[Contact, Person]]
) -> WillBeTold:
    """Somebody for this case alone; who is in the agency's list after all is its contact."""
    checked = _checked(uow, chosen)
    person = person_at(uow, checked.slack_id, checked.work_mail)
    known = next((c for c, p in people if p.id == person.id), None)
    if known is not None:
        return told_by(uow, person, agency, known)
    if shelters(uow, person):
        raise Invalid(Problem("account" if checked.slack_id else "work_mail", "invalid.liaison-not-in-room"))
    contact = CaseContact("", "", agency.id, person.id, checked.title, checked.line or None).contact
    return WillBeTold(agency, contact, True, not person.on_slack, person, unlisted=checked)


def _checked(uow: UnitOfWork, chosen: Chosen) -> Chosen:
    if chosen.slack_id is None and not chosen.work_mail.strip() and not chosen.line.strip():
        raise Invalid(Problem("account", "invalid.unlisted-somebody"))
    if chosen.slack_id is not None and chosen.work_mail.strip():
        raise Invalid(Problem("work_mail", "invalid.contact-two"))
    title = check_text("title", chosen.title, uow.now, LONGEST_TITLE)
    if not title:
        raise Invalid(Problem("title", "invalid.unlisted-title"))
    return replace(
        chosen,
        title=title,
        work_mail=checked_mail(chosen.work_mail) if chosen.work_mail.strip() else "",
        line=checked_line("line", chosen.line) if chosen.line.strip() else "",
    )


def checked_mail(mail: str) -> str:
    try:
        return check_work_mail(mail.strip()).address
    except FieldRefused as error:
        raise Invalid(Problem("work_mail", f"invalid.{error.code}")) from None


def checked_line(field: str, line: str) -> str:
    try:
        return check_duty_line(line.strip())
    except FieldRefused as error:
        raise Invalid(Problem(field, f"invalid.{error.code}")) from None


def person_at(uow: UnitOfWork, slack_id: str | None, work_mail: str) -> Person:
    """The person with this account, else with this address; somebody new is not stored yet."""
    if slack_id is not None:
        return get_or_make_person(uow, slack_id)
    same = (p for p in uow.find(Person) if p.work_mail and p.work_mail.casefold() == work_mail.casefold())
    known = next(same, None) if work_mail else None
    return known or Person(id=uow.ids.new(), work_mail=work_mail or None)


def shelters(uow: UnitOfWork, person: Person) -> bool:
    """Return whether the person is a contact of a sheltering agency of any team: such are in no room."""
    agencies = (uow.get(Agency, c.agency_id) for c in uow.find(Contact, person_id=person.id, retired=False))
    return any(agency is not None and agency.reached_by_coordinator for agency in agencies)


def keep_unlisted(uow: UnitOfWork, part: Involvement, told: WillBeTold) -> None:
    """Keep somebody whom no list has, with the case and for it alone."""
    if told.unlisted is None or told.person is None:
        return
    person = stored(uow, told.person)
    uow.add(
        CaseContact(
            uow.ids.new(),
            part.case_id,
            part.agency_id,
            person.id,
            told.unlisted.title,
            told.unlisted.line or None,
        )
    )


def told_as_shown(told: WillBeTold) -> str:
    person = told.person.id if told.person is not None else "-"
    who = f"{told.unlisted}" if told.unlisted is not None else person
    return f"{told.agency.id} {who} {told.by_coordinator}"

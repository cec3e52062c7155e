"""Ask the person chosen by a coordinator, or an agency's contact on call; seats, duties and asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.access import Right
from bot.domain.answers import principals
from bot.domain.case.entities import (
    Approval,
    Ask,
    CaseContact,
    Duty,
    Involvement,
    Meeting,
    Seat,
    SeatEnd,
    SeatRole,
)
from bot.domain.case.file import CaseFile
from bot.domain.deputies import approved_before
from bot.domain.directory import on_call
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.drill import Drill
from bot.domain.errors import Invalid, Problem, Refusal, refuse
from bot.domain.validators import FieldRefused, check_duty_line, check_work_mail
from bot.usecases.authorization import CaseContext, get_or_make_person
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import stored
from bot.usecases.validation import FreeText, MeetingPlan

#: Slack's limit for the text of an option, in which titles are shown.
TITLE = FreeText("titles", 75)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The human chosen to be asked for an agency: a contact by id, otherwise somebody for this case only.

    The latter has a Slack account, a work mail or a number; `title` says what they are.
    """

    contact_id: str | None = None
    slack_id: str | None = None
    work_mail: str = ""
    line: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class AskPreview:
    """One human who would now be told, and how; `contact` is None when there is nobody to ask.

    `people` are all of the agency who could be asked, `unlisted` is somebody who is in no list. `drilled`
    tells that the team has held a drill before today: then it is worth showing when one last reached them.
    """

    agency: Agency
    contact: Contact | None
    within_hours: bool
    person: Person | None = None
    people: tuple[tuple[Contact, Person], ...] = ()
    unlisted: Chosen | None = None
    drilled: bool = False

    @property
    def by_coordinator(self) -> bool:
        """Return whether the bot cannot write to them, so that the coordinator has to ring."""
        return self.agency.reached_by_coordinator or self.person is None or not self.person.on_slack

    @property
    def reached(self) -> bool:
        """Return whether the bot tells somebody; otherwise a coordinator rings."""
        return self.contact is not None and not self.by_coordinator

    @property
    def can_choose(self) -> bool:
        """Return whether another person could be asked; for a sheltering agency the duty phone is rung."""
        return not self.agency.reached_by_coordinator


def who_is_asked(
    uow: UnitOfWork, team: Team, agency: Agency, chosen: Chosen | None = None, file: CaseFile | None = None
) -> AskPreview:
    """Return the human of an agency who would be asked now: the `chosen` one, otherwise its contact on call.

    `file` is the case, if there is one: it may have contacts of its own.
    """
    contacts = uow.contacts(agency.id)
    persons = {p.id: p for p in uow.find(Person, id=[c.person_id for c in contacts])}
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
    wanted = wanted or on_call.first_to_ask(contacts, persons, now=uow.now, team=team)
    if wanted is None:
        return AskPreview(agency, None, within_hours=False, people=people)
    within = on_call.within_hours(wanted, uow.now, team)
    told = told_by(uow, persons[wanted.person_id], agency, wanted, within_hours=within)
    return replace(told, people=people)


def told_by(
    uow: UnitOfWork, person: Person, agency: Agency, contact: Contact, *, within_hours: bool = True
) -> AskPreview:
    """Return how a named human of an agency would now be told."""
    team = uow.get(Team, agency.team_id)
    drilled = team is not None and any(
        team.day_of(d.begun_at) < team.day_of(uow.now) for d in uow.find(Drill, team_id=team.id)
    )
    return AskPreview(agency, contact, within_hours, person, drilled=drilled)


def _unlisted(
    uow: UnitOfWork, agency: Agency, chosen: Chosen, people: Iterable[tuple[Contact, Person]]
) -> AskPreview:
    """Somebody for this case only; a person who is in the agency's list after all is told as its contact."""
    checked = _checked(uow, chosen)
    person = person_at(uow, checked.slack_id, checked.work_mail)
    known = next((c for c, p in people if p.id == person.id), None)
    if known is not None:
        return told_by(uow, person, agency, known)
    if shelters(uow, person):
        raise Invalid(Problem("account" if checked.slack_id else "work_mail", "invalid.liaison-not-in-room"))
    contact = CaseContact("", "", agency.id, person.id, checked.title, checked.line or None).contact
    return AskPreview(agency, contact, True, person, unlisted=checked)


def _checked(uow: UnitOfWork, chosen: Chosen) -> Chosen:
    if chosen.slack_id is None and not chosen.work_mail.strip() and not chosen.line.strip():
        raise Invalid(Problem("account", "invalid.unlisted-somebody"))
    if chosen.slack_id is not None and chosen.work_mail.strip():
        raise Invalid(Problem("work_mail", "invalid.contact-two"))
    title = TITLE.checked("title", chosen.title, uow.now)
    if not title:
        raise Invalid(Problem("title", "invalid.unlisted-title"))
    return replace(
        chosen,
        title=title,
        work_mail=checked_field(check_work_mail, "work_mail", chosen.work_mail),
        line=checked_field(check_duty_line, "line", chosen.line),
    )


def checked_field(check: Callable[[str], str], field: str, text: str) -> str:
    """Return what was typed, checked and without blanks around it; empty stays empty."""
    try:
        return check(text) if (text := text.strip()) else ""
    except FieldRefused as error:
        raise Invalid(Problem(field, f"invalid.{error.code}")) from None


def person_at(uow: UnitOfWork, slack_id: str | None, work_mail: str) -> Person:
    """The person with this account, otherwise with this address; a new person is not stored yet."""
    if slack_id is not None:
        return get_or_make_person(uow, slack_id)
    same = (p for p in uow.find(Person) if p.work_mail and p.work_mail.casefold() == work_mail.casefold())
    known = next(same, None) if work_mail else None
    return known or Person(id=uow.ids.new(), work_mail=work_mail or None)


def shelters(uow: UnitOfWork, person: Person) -> bool:
    """Return whether the person is a contact of a sheltering agency of any team: those are in no room."""
    agencies = (uow.get(Agency, c.agency_id) for c in uow.find(Contact, person_id=person.id, retired=False))
    return any(agency is not None and agency.reached_by_coordinator for agency in agencies)


def colleague_among(contacts: Iterable[Contact], contact_id: str) -> Contact:
    return next((c for c in contacts if c.id == contact_id), None) or refuse(Refusal.NOT_A_COLLEAGUE)


def involve(
    uow: UnitOfWork,
    team: Team,
    case_id: str,
    agency: Agency,
    persons: str,
    told: AskPreview | None,
    known: Involvement | None = None,
) -> Involvement:
    """Add an agency's part, for its usual reason and ground, or renew the one that is `known`.

    `told` is asked to confirm taushetsplikt; without them the agency is only expected.
    """
    why = (agency.usual_reason, agency.proposed_ground)
    asked_at = uow.now if told is not None else None
    if known is None:
        part = uow.add(Involvement(uow.ids.new(), case_id, agency.id, persons, *why, asked_at))
    else:
        reason, ground = why
        asked_at = asked_at or known.asked_at
        part = uow.change(known, persons=persons, reason=reason, ground=ground, asked_at=asked_at)
    if told is not None:
        offer_seat(uow, team, part, told)
    return part


def add_seat(uow: UnitOfWork, case_id: str, person_id: str, role: SeatRole, **more: Any) -> Seat:
    """Add a seat, by which its person is asked to confirm taushetsplikt unless `more` says they have."""
    return uow.add(Seat(uow.ids.new(), case_id, person_id, role, uow.now, **more))


def offer_seat(
    uow: UnitOfWork, team: Team, involvement: Involvement, told: AskPreview | None = None
) -> Seat | None:
    """Ask `told`, or the agency's contact on call, to confirm taushetsplikt; None if there is nobody."""
    agency = uow.get(Agency, involvement.agency_id)
    if told is None and agency is not None:
        told = who_is_asked(uow, team, agency)
    if told is None or told.contact is None:
        return None
    who = (involvement.case_id, told.contact.person_id)
    seat = add_seat(uow, *who, SeatRole.AGENCY, involvement_id=involvement.id)
    if told.unlisted is not None and told.person is not None:
        # Somebody who is in no list belongs to the case alone.
        of = (involvement.case_id, involvement.agency_id, stored(uow, told.person).id)
        uow.add(CaseContact(uow.ids.new(), *of, told.unlisted.title, told.unlisted.line or None))
    return seat


def add_meeting(uow: UnitOfWork, case_id: str, plan: MeetingPlan) -> Meeting:
    return uow.add(Meeting(id=uow.ids.new(), case_id=case_id, called_at=uow.now, **plan.of_meeting))


def summon(uow: UnitOfWork, file: CaseFile, meeting: Meeting) -> None:
    """Give every agency in the case the duty to attend, and ask its lead.

    Later meetings ask the seat holder, not the contact on call.
    """
    for involvement in file.current():
        summon_agency(uow, file, meeting, involvement)


def summon_agency(uow: UnitOfWork, file: CaseFile, meeting: Meeting, involvement: Involvement) -> None:
    """Give one agency the duty to attend a meeting, and ask its lead in the case.

    An agency that already has the duty, but nobody who is asked, keeps the duty.
    """
    duty = file.duty_at(meeting.id, involvement.id)
    if duty is None:
        duty = uow.add(Duty(uow.ids.new(), meeting.case_id, meeting.id, involvement.id, uow.now))
    lead = file.lead(involvement.id)
    if lead is not None:
        ask_instead(uow, file, duty, lead.person_id, [a.person_id for a in principals(file, duty.id)])


def create_ask(uow: UnitOfWork, file: CaseFile, duty: Duty, person_id: str, **more: Any) -> Ask:
    """Ask a person to come for an agency; `more` says what led to it."""
    meeting = file.meeting(duty.meeting_id)
    ask = Ask(
        id=uow.ids.new(),
        case_id=meeting.case_id,
        duty_id=duty.id,
        meeting_id=meeting.id,
        person_id=person_id,
        uid=uow.ids.uid(),
        asked_at=uow.now,
        sequence=meeting.sequence,
        **more,
    )
    return uow.add(ask)


def ask_instead(
    uow: UnitOfWork, file: CaseFile, duty: Duty, person_id: str, others: Collection[str], **more: Any
) -> None:
    """Ask a person for an agency in place of `others` (ids). Its other deputies stay, now in their place."""
    asks = file.asks_of(duty.id)
    over = {a.id for a in asks if a.person_id == person_id or a.person_id in others}
    for ask in asks:
        if ask.id in over:
            withdraw_ask(uow, file, ask)
    new = create_ask(uow, file, duty, person_id, **more)
    left = {a.id for a in asks} - over
    for ask in asks:
        if ask.id in left and ask.deputy_for is not None and ask.deputy_for not in left:
            uow.change(ask, deputy_for=new.id)


def create_deputy_ask(here: CaseContext, duty: Duty, person_id: str, *, deputy_for: str) -> None:
    """Name a deputy. An approved one is asked at once, taushetsplikt first; another waits for approval.

    Being named by a coordinator, or an earlier approval, counts as approval.
    """
    uow, file, named_by = here.uow, here.file(), here.actor.id
    coordinates = Right.CASE_COORDINATOR in here.rights
    approver = named_by if coordinates else approved_before(file, duty.id, person_id)
    approval = Approval.APPROVED if approver is not None else Approval.WAITS
    of_deputy = {"deputy_for": deputy_for, "named_by": named_by}
    create_ask(uow, file, duty, person_id, **of_deputy, approval=approval, approved_by=approver)
    if approver is not None:
        seat_for_duty(uow, file, duty, person_id, deputy=True)


def withdraw_ask(uow: UnitOfWork, file: CaseFile, ask: Ask) -> None:
    """Withdraw an ask. A deputy's seat was only for that meeting, and ends with the ask."""
    uow.change(ask, withdrawn_at=uow.now)
    if ask.deputy_for is None:
        return
    for seat in file.seats_of(ask.person_id, file.part_of(ask)):
        if seat.role is SeatRole.DEPUTY and seat.meeting_id == ask.meeting_id:
            uow.change(seat, ended_at=uow.now, end=SeatEnd.NOT_NEEDED)


def withdraw(uow: UnitOfWork, file: CaseFile, ask: Ask, *, overtaken_by: str | None = None) -> None:
    """Withdraw an open ask, and end its seat if that is not confirmed.

    A seat by which the person is asked to another meeting stays. `overtaken_by` is the id of the person who
    answered first; as long as nobody has, an agency keeps its first seat.
    """
    uow.change(ask, withdrawn_at=uow.now, overtaken_by=overtaken_by)
    first = file.seats_for(file.part_of(ask))[:1]
    end = SeatEnd.NOT_NEEDED if overtaken_by is None else SeatEnd.COLLEAGUE_ANSWERED
    for seat in file.seats_of(ask.person_id):
        stays = seat.confirmed or (overtaken_by is None and seat in first)
        if not stays and file.asks_of_seat(seat) == [ask]:
            uow.change(seat, ended_at=uow.now, end=end)


def withdraw_others(
    uow: UnitOfWork, file: CaseFile, duty_id: str, *, answered_by: str, but: Ask | None = None
) -> None:
    """Withdraw an agency's own open asks, except `but`, because somebody has answered for it."""
    for ask in principals(file, duty_id):
        if ask.open and (but is None or ask.id != but.id):
            withdraw(uow, file, ask, overtaken_by=answered_by)


def seat_for_duty(
    uow: UnitOfWork, file: CaseFile, duty: Duty, person_id: str, *, deputy: bool = False
) -> None:
    """Add a seat for another person of an agency, or a `deputy` at one meeting, unless they have one.

    A holder of the agency's seat needs no deputy's seat. A person who has confirmed taushetsplikt for this
    agency's part in the case need not again, even as a deputy whose earlier seat has ended. Once the agency
    itself has been asked again, as when the case is reopened, confirmations of earlier ended seats do not
    count.
    """
    since = file.involvement(duty.involvement_id).asked_at
    theirs = [s for s in file.seats if (s.person_id, s.involvement_id) == (person_id, duty.involvement_id)]
    mine = [s for s in theirs if s.live]
    ever = [s for s in theirs if s.ended_at is None or since is None or s.ended_at >= since]
    if any(s.role is SeatRole.AGENCY or (deputy and s.meeting_id == duty.meeting_id) for s in mine):
        return
    add_seat(
        uow,
        duty.case_id,
        person_id,
        SeatRole.DEPUTY if deputy else SeatRole.AGENCY,
        involvement_id=duty.involvement_id,
        meeting_id=duty.meeting_id if deputy else None,
        **confirmation_among(ever if deputy else mine),
    )


def note_return(uow: UnitOfWork, file: CaseFile, person_id: str) -> None:
    """Note that a person who had left the room is back, or asks to be."""
    for seat in file.seats_of(person_id):
        if seat.left_at is not None:
            uow.change(seat, left_at=None)


def confirmation_among(seats: Iterable[Seat]) -> dict[str, Any]:
    """Return the confirmation of the first confirmed seat among these, as fields: when, how and by whom."""
    confirmed = next((s for s in seats if s.acknowledged_at is not None), None)
    names = ("acknowledged_at", "acknowledged_via", "acknowledged_by")
    return {name: getattr(confirmed, name, None) for name in names}

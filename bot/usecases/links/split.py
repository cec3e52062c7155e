"""Split a person off into a case of their own, with a room of its own and only the agencies chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.case.links import LinkKind
from bot.domain.directory.entities import Agency, Contact, Person
from bot.usecases.authorization import CaseContext, enter_case
from bot.usecases.case import OPEN_CASE, OpenCase, Review, open_case, review_case
from bot.usecases.involvement.choosing import Chosen, WillBeTold, told_by
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.links.links import tie
from bot.usecases.persons import check_closable, end_person, there_for
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import MeetingPlan


@dataclass(frozen=True, slots=True)
class SplitOff:
    """The person, by the letter in this case; in the new one the person is A."""

    case_id: str
    letter: str
    agencies: tuple[AgencyChoice, ...]
    meeting: MeetingPlan


@dataclass(frozen=True, slots=True)
class SplitReview:
    """A split as shown before anything is sent: the new case, and what becomes of this one."""

    file: CaseFile
    opening: OpenCase
    review: Review


def see_splittable(
    uow: UnitOfWork, actor: Person, case_id: str, letter: str
) -> tuple[CaseContext, list[Agency], list[str]]:
    """The team's agencies, and the ids of those that are in the case for this person."""
    here = enter_case(uow, actor, Action.SPLIT_OFF, case_id)
    check_closable(here.file, letter)
    agencies = uow.agencies(here.file.team.id)
    there = {part.agency_id for part in there_for(here.file, letter)}
    return here, agencies, [a.id for a in agencies if a.id in there]


def review_split(uow: UnitOfWork, actor: Person, command: SplitOff) -> SplitReview:
    """Check what is filled in and name the humans who would now be told. Changes nothing."""
    here = enter_case(uow, actor, Action.SPLIT_OFF, command.case_id)
    file = here.file
    check_closable(file, command.letter)
    opening = OpenCase(
        team_id=file.team.id,
        phase=file.case.phase,
        persons=1,
        agencies=tuple(replace(choice, persons="A") for choice in command.agencies),
        meeting=command.meeting,
    )
    review = review_case(uow, actor, opening)
    told = tuple(_told(uow, file, command.letter, each) for each in review.told)
    return SplitReview(file, opening, replace(review, told=told))


def _told(uow: UnitOfWork, file: CaseFile, letter: str, on_call: WillBeTold) -> WillBeTold:
    """Return whoever sits in the case for this person, else the agency's contact on call."""
    agency = on_call.agency
    for part in there_for(file, letter):
        lead = file.lead(part.id)
        if part.agency_id != agency.id or lead is None or not lead.confirmed:
            continue
        contact = next((c for c in file.contacts_of(agency.id) if c.person_id == lead.person_id), None)
        if contact is None or contact.waits or not file.can_be_asked(lead.person_id):
            continue
        told = told_by(uow, file.persons[lead.person_id], agency, contact)
        return replace(told, unlisted=_unlisted(file, contact))
    return on_call


def _unlisted(file: CaseFile, contact: Contact) -> Chosen | None:
    """Whom this case alone has: the new one has them too."""
    own = next((c for c in file.case_contacts if c.id == contact.id), None)
    if own is None:
        return None
    person = file.persons[own.person_id]
    mail = person.work_mail or "" if person.slack_id is None else ""
    return Chosen(slack_id=person.slack_id, work_mail=mail, line=own.line or "", title=own.title)


def split_off(uow: UnitOfWork, actor: Person, command: SplitOff, split: SplitReview) -> Case:
    """Open the new case, link it to this one, and close this one for the person.

    Everybody is asked for taushetsplikt anew. This case's room is told only that it is closed for the person.
    """
    case = open_case(uow, actor, split.opening, split.review)
    tie(uow, command.case_id, case.id, LinkKind.LINKED)
    here = enter_case(uow, actor, Action.SPLIT_OFF, command.case_id)
    end_person(here, command.letter)
    return case


SPLIT_OFF = ReviewedCommand(SplitOff, review_split, split_off, lambda split: OPEN_CASE.people(split.review))

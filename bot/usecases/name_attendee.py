"""Say who comes: the answer of an agency's leader, to whom an unanswered ask has come."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import escalation
from bot.domain.access import Action
from bot.domain.case_file import CaseFile
from bot.domain.directory import Contact, Person
from bot.domain.duty import Step
from bot.domain.errors import NoLongerAsked, NotAColleague, Overtaken, Refused, TooLate
from bot.usecases.asking import put_ask, seat_beside, stop_chain
from bot.usecases.consequences import about_calls, about_posted, of_duty, settle
from bot.usecases.door import Here, enter_step
from bot.usecases.escalate import about_person
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class NameAttendee:
    """The one who comes, as a contact of the leader's agency."""

    step_id: str
    contact_id: str


def see_who_can_come(uow: UnitOfWork, actor: Person, step_id: str) -> tuple[CaseFile, Step, list[Contact]]:
    """What the form needs in which the leader says who comes.

    Raises:
        As `name_attendee`.
    """
    here, step = _enter(uow, actor, step_id)
    return here.file, step, _contacts(here.file, step)


def _enter(uow: UnitOfWork, actor: Person, step_id: str) -> tuple[Here, Step]:
    here, step = enter_step(uow, actor, Action.NAME_ATTENDEE, step_id)
    file = here.file
    duty = file.duty(step.duty_id)
    meeting = file.meeting(duty.meeting_id)
    if duty.withdrawn_at is not None or not meeting.live or step.sequence != meeting.sequence:
        raise NoLongerAsked
    if meeting.starts_at <= uow.now:
        raise TooLate
    if escalation.head(file, duty) is None or step.answered_at is not None:
        raise _answered(file, step)
    return here, step


def _answered(file: CaseFile, step: Step) -> Refused:
    answered = [a for a in escalation.principals(file, step.duty_id) if a.answer is not None]
    return Overtaken(by=answered[0].person_id) if answered else NoLongerAsked()


def _contacts(file: CaseFile, step: Step) -> list[Contact]:
    agency = file.agency_of(file.duty(step.duty_id).involvement_id)
    return escalation.can_be_named(file, agency.id)


def name_attendee(uow: UnitOfWork, actor: Person, command: NameAttendee) -> None:
    """Ask the one whom the leader has named, taushetsplikt first, and let the others of the agency go.

    The leader gets no seat, unless it is the leader who comes. Whoever is named has a chain of their own.

    Raises:
        NotAllowed: it was not this person who was asked, or they lead the agency no longer.
        NoLongerAsked: the meeting was moved or called off, or it is said already who comes.
        TooLate: it has begun.
        Overtaken: somebody of the agency has answered; `by` is who was first.
        NotAColleague: the one named is not a contact of the agency.
    """
    here, step = _enter(uow, actor, command.step_id)
    contact = next((c for c in _contacts(here.file, step) if c.id == command.contact_id), None)
    if contact is None:
        raise NotAColleague
    uow.change(step, answered_at=uow.now)
    stop_chain(uow, here.file, step.duty_id, answered_by=actor.id)
    file = here.again().file
    duty = file.duty(step.duty_id)
    meeting = file.meeting(duty.meeting_id)
    seat_beside(uow, file, duty, contact.person_id)
    put_ask(uow, file, meeting, duty, contact.person_id, escalated_from=step.ask_id, named_by=actor.id)
    fresh = here.again().file
    settle(
        uow,
        fresh.case.id,
        *about_posted(uow, fresh, subjects=of_duty(fresh, duty.id)),
        *about_person(fresh, duty.id, contact.person_id),
        *about_calls(fresh, meeting),
    )

"""Take the escalation steps that are due when nobody of an agency answers; its leader says who comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain import escalation
from bot.domain.access import Action
from bot.domain.answers import head, principals
from bot.domain.audit import BOT, AuditEntry, Event
from bot.domain.case.entities import Ask, EscalationStep, StepKind
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Person
from bot.domain.errors import Overtaken, Refusal, Refused, refuse
from bot.usecases.authorization import CaseContext, enter, not_found
from bot.usecases.involvement.summons import colleague_among, create_ask, seat_for_duty, withdraw_others
from bot.usecases.ports import UnitOfWork

#: If one of these steps finds nobody to turn to, the next step is taken at once.
_GOES_STRAIGHT_ON = frozenset({StepKind.NEXT_CONTACT, StepKind.LEADER})


def escalate(uow: UnitOfWork, ask_id: str, due_at: datetime | None, muted: frozenset[str]) -> None:
    """Take every due step of an ask's chain that has not been taken, in order.

    No step is taken twice, early, or after the meeting has begun or somebody has answered. Steps that fell
    due while the bot was away are made up for. A step turns to nobody new who is `muted` (person ids) and
    cannot hear it: it then has nobody to turn to.
    """
    for file, ask, kind, person_id in list(_due(uow, ask_id, due_at, muted)):
        _take(uow, file, ask, kind, person_id)


def about_to_be_asked(
    uow: UnitOfWork, ask_id: str, due_at: datetime | None, muted: frozenset[str]
) -> list[Person]:
    """Return the people, not told before, to whom `escalate` would now turn. Changes nothing."""
    return [
        file.persons[person_id]
        for file, _, kind, person_id in _due(uow, ask_id, due_at, muted)
        if person_id is not None and kind in _GOES_STRAIGHT_ON
    ]


def _due(
    uow: UnitOfWork, ask_id: str, due_at: datetime | None, muted: frozenset[str]
) -> Iterator[tuple[CaseFile, Ask, StepKind, str | None]]:
    """Yield the due steps, each with the person that it turns to; none if the ask has no chain."""
    now = max(uow.now, due_at or uow.now)
    ask = uow.get(Ask, ask_id)
    file = uow.case_file(ask.case_id) if ask is not None else None
    if ask is None or file is None:
        return
    meeting = file.meeting(ask.meeting_id)
    if meeting.starts_at <= now or ask not in escalation.heads(file, meeting):
        return
    straight_on = False
    for due in escalation.untaken(file, ask):
        if due.at > now and (due.waits or not straight_on):
            return
        person_id = _whom(file, ask, due.kind, uow.now, muted)
        straight_on = due.kind in _GOES_STRAIGHT_ON and person_id is None
        yield file, ask, due.kind, person_id


def _take(uow: UnitOfWork, file: CaseFile, ask: Ask, kind: StepKind, person_id: str | None) -> None:
    if kind is StepKind.NEXT_CONTACT and person_id is not None:
        duty = file.duty(ask.duty_id)
        seat_for_duty(uow, file, duty, person_id)
        create_ask(uow, file, duty, person_id, escalated_from=ask.id)
    of_ask = (ask.case_id, ask.duty_id, ask.id, ask.sequence)
    uow.add(EscalationStep(uow.ids.new(), *of_ask, kind, taken_at=uow.now, person_id=person_id))
    uow.audit(AuditEntry(Event.ESCALATED, BOT, ask.case_id, subject=person_id))


def _whom(file: CaseFile, ask: Ask, kind: StepKind, now: datetime, muted: frozenset[str]) -> str | None:
    """The person that a step turns to; None if there is nobody, and for the coordinators' step."""
    if kind is StepKind.REMINDER:
        return ask.person_id if file.reaches(ask) else None
    if kind is StepKind.COORDINATOR:
        return None
    look = escalation.next_contact if kind is StepKind.NEXT_CONTACT else escalation.leader
    contact = look(file, ask, now)
    return contact.person_id if contact is not None and contact.person_id not in muted else None


def see_who_can_come(
    uow: UnitOfWork, actor: Person, step_id: str
) -> tuple[CaseContext, EscalationStep, list[Contact]]:
    """The step and the agency's contacts, of whom the leader says who comes."""
    here, step = enter(uow, actor, Action.NAME_ATTENDEE, EscalationStep, step_id)
    if step.kind is not StepKind.LEADER or step.person_id != actor.id:
        raise not_found(uow, actor)
    file = here.file()
    duty = file.duty(step.duty_id)
    if not escalation.stands(file, step):
        raise Refused(Refusal.NO_LONGER_ASKED)
    if file.meeting(duty.meeting_id).starts_at <= uow.now:
        raise Refused(Refusal.TOO_LATE)
    if head(file, duty) is None or step.answered_at is not None:
        answered = (a.person_id for a in principals(file, step.duty_id) if a.answer is not None)
        by = next(answered, None)
        raise Refused(Refusal.NO_LONGER_ASKED) if by is None else Overtaken(by)
    contacts = file.free_contacts(file.part_of(step), ())
    return here, step, contacts or refuse(Refusal.NOBODY_TO_ASK)


def name_attendee(uow: UnitOfWork, actor: Person, step_id: str, *, attendee: str) -> None:
    """Ask the person whom the leader has named, taushetsplikt first, and nobody else of the agency any more.

    The leader gets no seat, unless they come themselves. The named person has a chain of their own.
    """
    here, step, contacts = see_who_can_come(uow, actor, step_id)
    contact = colleague_among(contacts, attendee)
    uow.change(step, answered_at=uow.now)
    withdraw_others(uow, here.file(), step.duty_id, answered_by=actor.id)
    file = here.file()
    duty = file.duty(step.duty_id)
    seat_for_duty(uow, file, duty, contact.person_id)
    create_ask(uow, file, duty, contact.person_id, escalated_from=step.ask_id, named_by=actor.id)

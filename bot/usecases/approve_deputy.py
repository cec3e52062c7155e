"""Approve or refuse a deputy. Before the coordinator has approved, the deputy is told nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import reminder_plan
from bot.domain.access import Action
from bot.domain.case import Approval, Ask
from bot.domain.case_file import CaseFile
from bot.domain.directory import Person
from bot.domain.errors import DeputyGone, Invalid, NoLongerAsked, Overtaken, Problem, TooLate
from bot.domain.intents import Intent, Kind
from bot.usecases.asking import deputy_seat
from bot.usecases.consequences import about_ask, about_calls, about_posted, about_seat, of_duty, settle
from bot.usecases.door import Here, enter_ask
from bot.usecases.guarded import check_text
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ApproveDeputy:
    """The deputy, by the ask with which they were named."""

    ask_id: str


@dataclass(frozen=True, slots=True)
class RefuseDeputy:
    """The deputy, and why not: a short text for whoever named them."""

    ask_id: str
    why: str


def see_decision(uow: UnitOfWork, actor: Person, ask_id: str) -> tuple[CaseFile, Ask]:
    """The deputy who waits, for the form that refuses.

    Raises:
        As `refuse_deputy`, but Invalid.
    """
    here, ask = _enter(uow, actor, ask_id)
    return here.file, ask


def approve_deputy(uow: UnitOfWork, actor: Person, command: ApproveDeputy) -> None:
    """Approve: the deputy is asked now, taushetsplikt first, with a window of their own.

    Raises:
        NotAllowed: not a coordinator who has confirmed for this case.
        Overtaken: another coordinator was first.
        NoLongerAsked: another deputy was named, or the seat holder comes after all.
        TooLate: the meeting has begun.
        DeputyGone: the deputy is no contact of the agency any more, or there is no way left to ask them.
    """
    here, ask = _enter(uow, actor, command.ask_id, approves=True)
    file = here.file
    meeting, duty = file.meeting(ask.meeting_id), file.duty(ask.duty_id)
    contacts = {c.person_id for c in file.contacts_of(file.agency_of_ask(ask).id)}
    if ask.person_id not in contacts or not file.can_be_asked(ask.person_id):
        raise DeputyGone
    deputy_seat(uow, file, duty, ask.person_id)
    ask = uow.change(
        ask,
        approval=Approval.APPROVED,
        approved_by=actor.id,
        asked_at=uow.now,
        window_ends_at=reminder_plan.answer_window(file, uow.now, meeting),
    )
    fresh = here.again().file
    asked = [s for s in fresh.seats_of(ask.person_id) if s.involvement_id == duty.involvement_id]
    settle(
        uow,
        ask.case_id,
        *about_posted(uow, fresh, subjects=of_duty(fresh, ask.duty_id)),
        *(i for s in asked if not s.confirmed for i in about_seat(fresh, s)),
        *about_ask(fresh, ask),
        *about_calls(fresh, meeting),
    )


def refuse_deputy(uow: UnitOfWork, actor: Person, command: RefuseDeputy) -> None:
    """Refuse with a reason: whoever named the deputy is told, and can name another.

    Raises:
        Invalid: no reason, or something in it that may not be there.
        Otherwise as `approve_deputy`, but DeputyGone: one who has left the agency can be refused.
    """
    here, ask = _enter(uow, actor, command.ask_id)
    why = check_text("refusal", command.why, uow.now, several_lines=True)
    if not why:
        raise Invalid(Problem("refusal", "invalid.refusal"))
    uow.change(ask, approval=Approval.REFUSED, approved_by=actor.id, refusal=why, withdrawn_at=uow.now)
    fresh = here.again().file
    intents = [
        Intent(Kind.DECLINED_ALONE, ask.deputy_for or "", case_id=ask.case_id, recipient=person_id)
        for person_id in fresh.confirmed_coordinators()
        if person_id != actor.id
    ]
    if ask.named_by is not None and fresh.on_slack(ask.named_by):
        intents.append(Intent(Kind.DEPUTY_REFUSED, ask.id, case_id=ask.case_id, recipient=ask.named_by))
    settle(uow, ask.case_id, *about_posted(uow, fresh, subjects=of_duty(fresh, ask.duty_id)), *intents)


def _enter(uow: UnitOfWork, actor: Person, ask_id: str, *, approves: bool = False) -> tuple[Here, Ask]:
    here, ask = enter_ask(uow, actor, Action.APPROVE_DEPUTY, ask_id, approves=approves)
    meeting = here.file.meeting(ask.meeting_id)
    if ask.approval in (Approval.APPROVED, Approval.REFUSED) and meeting.live:
        raise Overtaken(by=ask.approved_by or "")
    if not ask.awaits_approval or not meeting.live:
        raise NoLongerAsked
    if meeting.starts_at <= uow.now:
        raise TooLate
    return here, ask

"""Answer a summons: confirm, or melde forfall with a reason and a deputy; changeable until the meeting.

A coordinator records here what was said in a call to somebody, or to an agency's duty phone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access import Action
from bot.domain.answers import principals
from bot.domain.case.entities import (
    Answer,
    Ask,
    DeclineReason,
    Involvement,
    Meeting,
    OnDuty,
    PhoneAnswer,
    Seat,
    SeatEnd,
    Via,
)
from bot.domain.case.file import CaseFile
from bot.domain.deputies import possible_deputies
from bot.domain.directory.entities import Contact, Person
from bot.domain.duty_phone import has_duty_phone, others_on_phone
from bot.domain.errors import Invalid, Problem, Refusal, Refused, refuse
from bot.usecases.authorization import CaseContext, enter, enter_case
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement import acknowledgement, summons
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """A coordinator's record of a call: that somebody was told, and their answer.

    `sequence` is as in `confirm_attendance`; `at` is when it was said, if not now. `acknowledged`: in the
    same call they confirmed taushetsplikt, which is recorded separately and first; without `told`, only that
    is.
    """

    ask_id: str
    told_via: Via
    answer: Answer | None = None
    reason: DeclineReason | None = None
    deputy: str | None = None
    sequence: int = 0
    at: datetime | None = None
    acknowledged: bool = False
    told: bool = True


def see_ask(uow: UnitOfWork, actor: Person, ask_id: str, sequence: int) -> tuple[CaseContext, Ask]:
    """An ask that its person may still answer."""
    here, ask = enter(uow, actor, Action.ANSWER_SUMMONS, Ask, ask_id)
    meeting = here.file().meeting(ask.meeting_id)
    if not ask.live:
        raise acknowledgement.withdrawn_ask(ask)
    if not meeting.live or here.file().awaits_confidentiality(ask):
        raise Refused(Refusal.NO_LONGER_ASKED)
    if sequence != ask.sequence:
        raise Refused(Refusal.MOVED)
    if meeting.starts_at <= uow.now:
        raise Refused(Refusal.TOO_LATE)
    return here, ask


def confirm_attendance(uow: UnitOfWork, actor: Person, ask_id: str, sequence: int) -> None:
    """Confirm that one comes: «Jeg kommer».

    `sequence` is the ask's when they were asked: it tells which time and place they answer.
    """
    here, ask = see_ask(uow, actor, ask_id, sequence)
    give_answer(here, ask, Answer.CONFIRMED, None, None)
    if here.file().has_left(actor.id):
        summons.note_return(uow, here.file(), actor.id)


def decline(
    uow: UnitOfWork,
    actor: Person,
    ask_id: str,
    sequence: int,
    *,
    reason: DeclineReason | None = None,
    deputy: str | None = None,
) -> None:
    """Melde forfall, with a reason if they give one, and a deputy (by contact id)."""
    here, ask = see_ask(uow, actor, ask_id, sequence)
    give_answer(here, ask, Answer.DECLINED, reason, deputy)


def say_cannot(uow: UnitOfWork, actor: Person, seat_id: str, *, colleague: str | None = None) -> None:
    """Say «Kan ikke» to all asks of a seat, without having confirmed taushetsplikt.

    With a `colleague` (a contact's id) the question is passed on. Otherwise the person declines without a
    reason, confirms nothing, and is told nothing of the case. If colleagues are asked too, their asks stay
    open, and this person's is withdrawn. A deputy always declines.
    """
    if colleague is not None:
        acknowledgement.pass_on(uow, actor, seat_id, colleague)
        return
    here, seat = enter(uow, actor, Action.ANSWER_SUMMONS, Seat, seat_id)
    if not seat.live or seat.confirmed or acknowledgement.not_theirs(here.file(), seat):
        raise acknowledgement.ended_seat(here.file(), seat)
    asks = here.file().asks_of_seat(seat)
    if not asks:
        raise Invalid(Problem("colleague", "invalid.needs-colleague"))
    ahead = [a for a in asks if a.open and here.file().meeting(a.meeting_id).starts_at > uow.now]
    if not ahead:
        raise Refused(Refusal.TOO_LATE) if any(a.open for a in asks) else Refused(Refusal.NO_LONGER_ASKED)
    for ask in ahead:
        with_them = principals(here.file(), ask.duty_id) if ask.deputy_for is None else []
        if any(a.open and a.id != ask.id for a in with_them):
            summons.withdraw_ask(uow, here.file(), ask)
        else:
            give_answer(here, ask, Answer.DECLINED, None, None)
    left = here.file().seat(seat.id)
    if left is not None and left.live and not here.file().asks_of_seat(left):
        uow.change(left, ended_at=uow.now, end=SeatEnd.PASSED_ON)


def see_calls(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseFile, Meeting]:
    """The case of the room, and its next meeting or the one in progress, whose answers can be recorded."""
    return _with_meeting(enter_case(uow, actor, Action.ANSWER_ON_BEHALF, channel_id))


def see_calls_in(
    uow: UnitOfWork, actor: Person, case_id: str, involvement_id: str = ""
) -> tuple[CaseFile, Meeting]:
    """The same for one case; of one agency, the case of its part."""
    if involvement_id:
        return _with_meeting(enter(uow, actor, Action.ANSWER_ON_BEHALF, Involvement, involvement_id)[0])
    return _with_meeting(enter_case(uow, actor, Action.ANSWER_ON_BEHALF, case_id))


def _with_meeting(here: CaseContext) -> tuple[CaseFile, Meeting]:
    file, meeting = here.file(), here.file().next_meeting(here.uow.now)
    return file, meeting or refuse(Refusal.NOTHING_HERE, "meeting", room=file.room.channel_id)


def see_call(uow: UnitOfWork, actor: Person, ask_id: str, sequence: int) -> tuple[CaseContext, Ask]:
    """The ask of which a coordinator records what was said outside Slack."""
    asked = uow.get(Ask, ask_id)
    here = enter_case(uow, actor, Action.ANSWER_ON_BEHALF, asked.case_id if asked else None)
    ask = here.file().ask(ask_id)
    if ask is None or here.file().meeting(ask.meeting_id).cancelled_at is not None:
        raise Refused(Refusal.NO_LONGER_ASKED)
    if not ask.live:
        raise acknowledgement.withdrawn_ask(ask)
    if ask.awaits_approval:
        raise Refused(Refusal.NO_LONGER_ASKED)
    if sequence != ask.sequence:
        raise Refused(Refusal.MOVED_RECORD)
    return here, ask


def record_answer(uow: UnitOfWork, actor: Person, command: RecordAnswer) -> None:
    """Record how somebody, on Slack or not, was told outside Slack, and what they answered.

    Also after the meeting, and once it is registered: each call has its own time.
    """
    here, ask = see_call(uow, actor, command.ask_id, command.sequence)
    acknowledgement.check_spoken(here, command.at)
    _note_call(here, ask)
    if command.acknowledged:
        ask = _acknowledged(here, ask, command)
    if not command.told:
        if not command.acknowledged:
            raise Invalid(Problem("answer", "invalid.nothing-said"))
        return
    if command.answer is not None and here.file().awaits_confidentiality(ask):
        raise Invalid(Problem("answer", "invalid.confidentiality-first"))
    ask = uow.change(ask, told_at=command.at or uow.now, told_via=command.told_via, ring_anew=None)
    if command.answer is not None:
        give_answer(here, ask, command.answer, command.reason, command.deputy, at=command.at)


def _note_call(here: CaseContext, ask: Ask) -> None:
    """Whoever rings has the case; not after the meeting, since then it would seem that they had led it."""
    if here.file().meeting(ask.meeting_id).ends_at > here.uow.now:
        note_acting(here)


def _acknowledged(here: CaseContext, ask: Ask, command: RecordAnswer) -> Ask:
    """Record the person's taushetsplikt, and return their ask: a new one if their seat took over another."""
    part = here.file().part_of(ask)
    for seat in here.file().seats_of(ask.person_id):
        # One record confirms them all.
        if seat.involvement_id == part and here.file().awaits_confidentiality(ask):
            enter_case(here.uow, here.actor, Action.ACKNOWLEDGE_ON_BEHALF, ask.case_id)
            acknowledgement.confirm_seat(here, seat, command.told_via, command.at)
            acknowledgement.take_over(here, seat)
    theirs = (a for a in here.file().asks_of(ask.duty_id) if a.person_id == ask.person_id)
    return next(theirs, ask)


def give_answer(
    here: CaseContext,
    ask: Ask,
    answer: Answer,
    reason: DeclineReason | None,
    deputy_id: str | None,
    *,
    at: datetime | None = None,
) -> None:
    """Record an answer, and what follows from it in the case.

    The agency's other open asks are withdrawn, unless a deputy answers. Deputies who stood in are withdrawn
    too, except by a forfall without a new deputy. The caller has checked that the answer may be given. `at`
    is when it was given, if not now.
    """
    uow, file = here.uow, here.file()
    deputy: Contact | None = None
    if answer is Answer.DECLINED and deputy_id is not None:
        deputy = summons.colleague_among(possible_deputies(file, ask, uow.now), deputy_id)
    kept = deputy is None and answer is Answer.DECLINED
    for other in () if kept else file.stand_ins(ask):
        summons.withdraw_ask(uow, file, other)
    if ask.deputy_for is None:
        summons.withdraw_others(uow, file, ask.duty_id, but=ask, answered_by=ask.person_id)
    uow.change(
        ask,
        answer=answer,
        answered_at=at or uow.now,
        first_answered_at=ask.first_answered_at or at or uow.now,
        answered_by=here.actor.id,
        reason=reason if answer is Answer.DECLINED else None,
        ring_anew=None,
    )
    if deputy is not None:
        duty = file.duty(ask.duty_id)
        summons.create_deputy_ask(here, here.file(), duty, deputy.person_id, deputy_for=ask.id)


def record_phone_answer(uow: UnitOfWork, actor: Person, said: RecordAnswer, by: str | OnDuty) -> None:
    """Record what somebody else on the duty phone said; nothing is recorded about the person asked.

    It was said `by` another contact of the agency (its id), who is asked from now on and has answered; or by
    somebody on duty, who gets no seat: that they confirmed taushetsplikt is recorded, and what they said for
    the agency.
    """
    here, ask = see_call(uow, actor, said.ask_id, said.sequence)
    if said.told_via is not Via.PHONE or not has_duty_phone(here.file(), ask):
        raise Invalid(Problem("via", "invalid.duty-phone"))
    if not said.acknowledged:
        raise Invalid(Problem("acknowledged", "invalid.duty-phone-confidentiality"))
    acknowledgement.check_spoken(here, said.at)
    _note_call(here, ask)
    file, duty = here.file(), here.file().duty(ask.duty_id)
    if not isinstance(by, OnDuty):
        other = summons.colleague_among(others_on_phone(file, ask), by)
        theirs = next((a for a in file.asks_of(duty.id) if a.person_id == other.person_id), None)
        if theirs is None:
            summons.seat_for_duty(uow, file, duty, other.person_id)
            theirs = summons.create_ask(uow, file, duty, other.person_id, escalated_from=ask.id)
        record_answer(uow, actor, replace(said, ask_id=theirs.id, sequence=theirs.sequence))
        return
    # A value that was filled in is never dropped silently.
    kept_nowhere = [name for name, value in (("deputy", said.deputy), ("reason", said.reason)) if value]
    if kept_nowhere:
        raise Invalid(*(Problem(name, "invalid.duty-phone-answer") for name in kept_nowhere))
    of = (ask.case_id, duty.id, file.meeting(ask.meeting_id).sequence)
    uow.add(PhoneAnswer(uow.ids.new(), *of, by, said.at or uow.now, actor.id, said.answer))

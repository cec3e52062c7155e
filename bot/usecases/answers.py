"""Answer a summons: confirm, or melde forfall with a reason and a deputy; changeable until the meeting.

A coordinator records here what was said in a call to somebody, or to an agency's duty phone.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

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


class Said(StrEnum):
    """What came of a call: an answer, or only that they were told."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TOLD = "told"


class Acknowledged(StrEnum):
    """Whether they confirmed taushetsplikt in the same call."""

    YES = "yes"
    NO = "no"


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
    give_answer(here, ask, Answer.CONFIRMED)
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
            give_answer(here, ask, Answer.DECLINED)
    left = here.file().seat(seat.id)
    if left is not None and left.live and not here.file().asks_of_seat(left):
        uow.change(left, ended_at=uow.now, end=SeatEnd.PASSED_ON)


def see_calls(
    uow: UnitOfWork, actor: Person, where: str, involvement_id: str = ""
) -> tuple[CaseFile, Meeting]:
    """The case of a room, by its id, or of an agency's part; and its next meeting or the one in progress."""
    if involvement_id:
        here, _ = enter(uow, actor, Action.ANSWER_ON_BEHALF, Involvement, involvement_id)
    else:
        here = enter_case(uow, actor, Action.ANSWER_ON_BEHALF, where)
    file, meeting = here.file(), here.file().next_meeting(uow.now)
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


def record_answer(
    uow: UnitOfWork,
    actor: Person,
    ask_id: str,
    sequence: int,
    *,
    via: Via,
    answer: Said | None,
    acknowledged: Acknowledged | None = None,
    on_phone: str | None = None,
    reason: DeclineReason | None,
    deputy: str | None = None,
    at: datetime | None = None,
) -> None:
    """Record how somebody, on Slack or not, was told outside Slack, and what they answered.

    Also after the meeting, and once it is registered: each call has its own time, `at` if it was not now.
    Taushetsplikt is recorded separately and first; without an answer, only that is. If somebody else was
    `on_phone`, the duty phone, nothing is recorded about the person asked: another contact of the agency (by
    id) is asked from now on; somebody on duty (an `OnDuty`) gets no seat.
    """
    here, ask = see_call(uow, actor, ask_id, sequence)
    acknowledgement.check_spoken(here, via, at)
    # Whoever rings has the case; not after the meeting, since then it would seem that they had led it.
    if here.file().meeting(ask.meeting_id).ends_at > uow.now:
        note_acting(here)
    confirmed = acknowledged is Acknowledged.YES
    said = None if answer in (None, Said.TOLD) else Answer(answer)
    if on_phone is not None:
        if via is not Via.PHONE or not has_duty_phone(here.file(), ask):
            raise Invalid(Problem("via", "invalid.duty-phone"))
        if not confirmed:
            raise Invalid(Problem("acknowledged", "invalid.duty-phone-confidentiality"))
        if on_phone in list(OnDuty):
            _answer_on_duty(here, ask, OnDuty(on_phone), said, at, reason=reason, deputy=deputy)
            return
        ask = _asked_on_phone(here, ask, on_phone)
    if confirmed:
        ask = _acknowledged(here, ask, via, at)
    if answer is None:
        if not confirmed:
            raise Invalid(Problem("answer", "invalid.nothing-said"))
        return
    if said is not None and here.file().awaits_confidentiality(ask):
        raise Invalid(Problem("answer", "invalid.confidentiality-first"))
    ask = uow.change(ask, told_at=at or uow.now, told_via=via, ring_anew=None)
    if said is not None:
        give_answer(here, ask, said, reason, deputy, at=at)


def _answer_on_duty(
    here: CaseContext,
    ask: Ask,
    function: OnDuty,
    answer: Answer | None,
    at: datetime | None,
    **kept_nowhere: str | None,
) -> None:
    """Record that somebody on duty confirmed taushetsplikt, and what they said for the agency."""
    # A value that was filled in is never dropped silently.
    filled_in = [name for name, value in kept_nowhere.items() if value and answer is Answer.DECLINED]
    if filled_in:
        raise Invalid(*(Problem(name, "invalid.duty-phone-answer") for name in filled_in))
    of = (ask.case_id, ask.duty_id, here.file().meeting(ask.meeting_id).sequence)
    uow = here.uow
    uow.add(PhoneAnswer(uow.ids.new(), *of, function, at or uow.now, here.actor.id, answer))


def _asked_on_phone(here: CaseContext, ask: Ask, contact_id: str) -> Ask:
    """Return the ask of another contact who answered the duty phone; they are asked now if they were not."""
    uow, file, duty = here.uow, here.file(), here.file().duty(ask.duty_id)
    other = summons.colleague_among(others_on_phone(file, ask), contact_id)
    theirs = next((a for a in file.asks_of(duty.id) if a.person_id == other.person_id), None)
    if theirs is None:
        summons.seat_for_duty(uow, file, duty, other.person_id)
        return summons.create_ask(uow, file, duty, other.person_id, escalated_from=ask.id)
    return refuse(Refusal.NO_LONGER_ASKED) if theirs.awaits_approval else theirs


def _acknowledged(here: CaseContext, ask: Ask, via: Via, at: datetime | None) -> Ask:
    """Record the person's taushetsplikt, and return their ask: a new one if their seat took over another."""
    for seat in here.file().seats_of(ask.person_id, here.file().part_of(ask)):
        # One record confirms them all.
        if here.file().awaits_confidentiality(ask):
            enter_case(here.uow, here.actor, Action.ACKNOWLEDGE_ON_BEHALF, ask.case_id)
            acknowledgement.confirm_seat(here, seat, via, at)
            acknowledgement.take_over(here, seat)
    theirs = (a for a in here.file().asks_of(ask.duty_id) if a.person_id == ask.person_id)
    return next(theirs, ask)


def give_answer(
    here: CaseContext,
    ask: Ask,
    answer: Answer,
    reason: DeclineReason | None = None,
    deputy_id: str | None = None,
    *,
    at: datetime | None = None,
    by: str | None = None,
) -> None:
    """Record an answer, and what follows from it in the case.

    The agency's other open asks are withdrawn, unless a deputy answers. Deputies who stood in are withdrawn
    too, except by a forfall without a new deputy. The caller has checked that the answer may be given. `at`
    is when it was given, if not now, and `by` who answered, if not the actor.
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
        answered_by=by or here.actor.id,
        reason=reason if answer is Answer.DECLINED else None,
        ring_anew=None,
    )
    if deputy is not None:
        summons.create_deputy_ask(here, file.duty(ask.duty_id), deputy.person_id, deputy_for=ask.id)

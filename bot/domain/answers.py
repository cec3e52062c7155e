"""The standing of an agency for a meeting. Derived, never stored.

`standing_of` is the single source. The card, Home, the lacks, the chain, the call list, the roll call and the
register all use it, so that they cannot contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.case.entities import (
    Answer,
    Approval,
    Ask,
    Attendance,
    Duty,
    EscalationStep,
    Involvement,
    Meeting,
    Seat,
    StepKind,
    Via,
)
from bot.domain.case.file import CaseFile, Standing
from bot.domain.duty_phone import answered_on_duty, on_duty

_ORDER = tuple(StepKind)
#: What the register says of an agency that came.
CAME = frozenset({Attendance.PRESENT, Attendance.LATE, Attendance.DEPUTY_PRESENT})
#: Calls this close share a call list: steps due together are taken one by one, but alert only once.
SAME_LIST_WITHIN = timedelta(minutes=2)


class DutyState(StrEnum):
    """The states of an agency. EXPECTED, TAKES_PART and NOT_OURS occur only without a duty at the meeting."""

    EXPECTED = "expected"
    TAKES_PART = "takes_part"
    NOT_OURS = "not_ours"
    MUST_BE_CALLED = "must_be_called"
    AWAITS_CONFIDENTIALITY = "awaits_confidentiality"
    AWAITS_ANSWER = "awaits_answer"
    PRESENT = "present"
    CONFIRMED = "confirmed"
    DEPUTY_AWAITS_APPROVAL = "deputy_awaits_approval"
    DEPUTY_ASKED = "deputy_asked"
    DEPUTY_CONFIRMED = "deputy_confirmed"
    DECLINED = "declined"
    NOBODY_ASKED = "nobody_asked"

    @property
    def comes(self) -> bool:
        return self in (DutyState.PRESENT, DutyState.CONFIRMED, DutyState.DEPUTY_CONFIRMED)

    @property
    def lost(self) -> bool:
        """Return whether nobody of the agency will come unless somebody acts."""
        return self in (DutyState.DECLINED, DutyState.NOBODY_ASKED)

    @property
    def awaited(self) -> bool:
        """Return whether somebody of the agency is asked and has not answered."""
        return self in (
            DutyState.MUST_BE_CALLED,
            DutyState.AWAITS_CONFIDENTIALITY,
            DutyState.AWAITS_ANSWER,
            DutyState.DEPUTY_ASKED,
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a coordinator has to make about an agency's ask, and since when.

    `ask` is None if the agency has nobody to be asked, or somebody on duty has declined for it.
    """

    duty: Duty
    ask: Ask | None
    since: datetime

    @property
    def caused_by_coordinator(self) -> bool:
        """Return whether a coordinator caused the call and was told so: they approved an unreachable deputy.

        A call about a new time is not caused in this way.
        """
        ask = self.ask
        if ask is None or ask.asked_anew:
            return False
        return ask.approval is Approval.APPROVED and self.since == ask.asked_at


@dataclass(frozen=True, slots=True)
class AgencyStanding:
    """The standing of an agency: its part in the case, and the `state` of its duty at one meeting.

    `people` are the ids of the people the state is about: those who come, are silent, or cannot. `since` is
    an aware UTC datetime; None while nobody could be told. `exhausted` is whether a chain has reached its
    last step.
    """

    involvement: Involvement
    duty: Duty | None
    state: DutyState
    people: tuple[str, ...] = ()
    since: datetime | None = None
    exhausted: bool = False

    @property
    def shown(self) -> DutyState:
        """The state as the whole room sees it: of a chain it learns only that it has ended."""
        return DutyState.MUST_BE_CALLED if self.exhausted and self.state.awaited else self.state


def standings(file: CaseFile, now: datetime) -> list[AgencyStanding]:
    """Return the standing, for the next meeting, of each agency whose part is not over (`now`: aware UTC)."""
    meeting = file.next_meeting(now)
    return [standing_of(file, i, meeting) for i in file.involvements if i.live]


def standing_at(file: CaseFile, duty: Duty) -> AgencyStanding:
    return standing_of(file, file.involvement(duty.involvement_id), file.meeting(duty.meeting_id))


def standing_of(file: CaseFile, involvement: Involvement, meeting: Meeting | None) -> AgencyStanding:
    """Return an agency's standing for a meeting; without a meeting or a duty there, only in the case."""
    duty = file.duty_at(meeting.id, involvement.id) if meeting is not None else None
    if duty is None:
        return _without_duty(file, involvement)
    if is_there(file, duty):
        there = [a for a in file.arrivals if a.duty_id == duty.id]
        present = tuple(dict.fromkeys(a.person_id for a in there))
        since = min((a.at for a in there), default=file.meeting(duty.meeting_id).starts_at)
        return AgencyStanding(involvement, duty, DutyState.PRESENT, present, since)
    state, asks = _state(file, duty)
    spoken = on_duty(file, duty)
    told = [at for ask in asks if (at := _since(file, ask, state)) is not None]
    otherwise = None if asks else duty.created_at
    steps = (step for ask in chain_heads(file, duty) for step in _own_steps(file, ask))
    return AgencyStanding(
        involvement,
        duty,
        state,
        tuple(dict.fromkeys(a.person_id for a in asks)),
        min(told, default=spoken.at if spoken is not None else otherwise),
        exhausted=any(step.kind is StepKind.COORDINATOR for step in steps),
    )


def is_there(file: CaseFile, duty: Duty) -> bool:
    """Return whether an agency has come: as the register says, otherwise if somebody of it has tapped."""
    if duty.attendance is not None:
        return duty.attendance in CAME
    return any(a.duty_id == duty.id for a in file.arrivals)


def _without_duty(file: CaseFile, involvement: Involvement) -> AgencyStanding:
    if involvement.not_ours is not None:
        said_by = (involvement.not_ours_by,) if involvement.not_ours_by is not None else ()
        return AgencyStanding(involvement, None, DutyState.NOT_OURS, said_by, involvement.not_ours_at)
    part, seats = file.standing(involvement), file.seats_for(involvement.id)
    if part is Standing.ASKED and all_declined(file, involvement):
        state = DutyState.DECLINED
    elif part is Standing.ASKED:
        state = DutyState.AWAITS_CONFIDENTIALITY if seats else DutyState.NOBODY_ASKED
    else:
        state = DutyState.TAKES_PART if part is Standing.ACTIVE else DutyState.EXPECTED
        seats = [s for s in seats if s.confirmed]
    people = tuple(dict.fromkeys(s.person_id for s in seats))
    return AgencyStanding(involvement, None, state, people, involvement.asked_at)


def all_declined(file: CaseFile, involvement: Involvement) -> bool:
    """Return whether all people asked for an agency, for any live meeting, have said that they cannot."""
    asked = [
        a
        for d in file.duties
        if d.involvement_id == involvement.id and file.meeting(d.meeting_id).live
        for a in file.asks_of(d.id)
    ]
    return bool(asked) and all(a.answer is Answer.DECLINED for a in asked)


def _state(file: CaseFile, duty: Duty) -> tuple[DutyState, list[Ask]]:
    """Return the state of a duty, and the asks that it is about.

    A deputy's answer counts for the agency, even if the person they stand in for has left since. So does an
    answer on the duty phone, which is about no ask. If several people of an agency are asked, the one closest
    to an answer counts.
    """
    spoken = on_duty(file, duty)
    if spoken is not None and spoken.answer is not None:
        confirmed = spoken.answer is Answer.CONFIRMED
        return DutyState.CONFIRMED if confirmed else DutyState.DECLINED, []
    own = principals(file, duty.id)
    deputies = [a for a in file.asks_of(duty.id) if a.deputy_for is not None]
    if found := [a for a in own if a.answer is Answer.CONFIRMED]:
        return DutyState.CONFIRMED, found
    if found := [d for d in deputies if d.answer is Answer.CONFIRMED]:
        return DutyState.DEPUTY_CONFIRMED, found
    if found := [d for d in deputies if d.open]:
        called = [d for d in found if file.must_be_called(d)]
        return (DutyState.MUST_BE_CALLED, called) if called else (DutyState.DEPUTY_ASKED, found)
    if found := [d for d in deputies if d.awaits_approval]:
        return DutyState.DEPUTY_AWAITS_APPROVAL, found
    if not own:
        return DutyState.NOBODY_ASKED, []
    if found := [a for a in own if a.answer is Answer.DECLINED]:
        return DutyState.DECLINED, found
    reached = [a for a in own if not file.must_be_called(a)]
    if not reached:
        return DutyState.MUST_BE_CALLED, own
    if all(file.awaits_confidentiality(a) for a in reached):
        return DutyState.AWAITS_CONFIDENTIALITY, reached
    return DutyState.AWAITS_ANSWER, reached


def _since(file: CaseFile, ask: Ask, state: DutyState) -> datetime | None:
    """Return when a person answered, or was asked; one whom the bot cannot reach, when they were rung."""
    answered = ask.answered_at if state.comes or state is DutyState.DECLINED else None
    by_bot = file.reaches(ask) or not state.awaited
    return answered or (ask.asked_at if by_bot else ask.told_at)


# --- who is silent


def principals(file: CaseFile, duty_id: str) -> list[Ask]:
    """Return the live asks of a duty that are not deputies', oldest first."""
    return [a for a in file.asks_of(duty_id) if a.deputy_for is None]


def head(file: CaseFile, duty: Duty) -> Ask | None:
    """Return the ask to which an agency's chain belongs; None once anybody has answered, or a deputy comes.

    It is the newest one that began a chain: that did not follow from another, or is of a person whom the
    leader named. If none is live, it is the oldest.
    """
    asked = principals(file, duty.id)
    answered = any(a.answer is not None for a in asked)
    if not asked or answered or _somebody_comes(file, duty):
        return None
    begun = [a for a in asked if a.escalated_from is None or a.named_by is not None]
    return begun[-1] if begun else asked[0]


def chain_heads(file: CaseFile, duty: Duty) -> Iterator[Ask]:
    """Yield the asks of an agency that have a chain: the one at its head, and each silent deputy's."""
    first = head(file, duty)
    if first is not None:
        yield first
    if not _somebody_comes(file, duty):
        yield from (a for a in file.asks_of(duty.id) if a.deputy_for is not None and a.open)


def _somebody_comes(file: CaseFile, duty: Duty) -> bool:
    return answered_on_duty(file, duty) or any(a.answer is Answer.CONFIRMED for a in file.asks_of(duty.id))


def steps_of(file: CaseFile, duty_id: str) -> list[EscalationStep]:
    """Return the steps taken for a duty at the meeting's present time and place, oldest first."""
    sequence = file.meeting(file.duty(duty_id).meeting_id).sequence
    taken = [s for s in file.steps if s.duty_id == duty_id and s.sequence == sequence]
    return sorted(taken, key=lambda s: (s.taken_at, _ORDER.index(s.kind)))


def reminded(file: CaseFile, ask: Ask) -> bool:
    """Return whether the person was reminded of the ask since its last change: they answer there."""
    return any(s.person_id == ask.person_id and s.kind is StepKind.REMINDER for s in _own_steps(file, ask))


def _own_steps(file: CaseFile, ask: Ask) -> list[EscalationStep]:
    return [s for s in steps_of(file, ask.duty_id) if s.ask_id == ask.id]


# --- whom to ring


def _to_ring(file: CaseFile, duty: Duty) -> Iterator[Call]:
    """Yield the calls for people who declined without a deputy, and for an agency with nobody to ask.

    Also for people whom the bot cannot reach, at once, and for silent ones: when their chain reaches the
    coordinators or, in haste, from the first reminder on, so that the number is at hand while there is time.
    """
    if is_there(file, duty):
        return
    state, asks = _state(file, duty)
    if state.lost:
        whom: Sequence[Ask | None] = asks or [None]
        yield from (Call(duty, ask, _lost_since(file, duty)) for ask in whom)
    elif not state.comes:
        for first in chain_heads(file, duty):
            silent = [first] if first.deputy_for is not None else principals(file, duty.id)
            climbed = _climbed_at(file, first)
            for ask in silent:
                if ask.open and file.must_be_called(ask):
                    yield Call(duty, ask, ask.asked_at)
                elif ask.open and climbed is not None:
                    yield Call(duty, ask, climbed)


def _climbed_at(file: CaseFile, first: Ask) -> datetime | None:
    starts_at = file.meeting(first.meeting_id).starts_at
    in_haste = file.team.half_day_to_answer(first.asked_at, starts_at) is None
    late = tuple(StepKind) if in_haste else (StepKind.COORDINATOR,)
    return min((s.taken_at for s in _own_steps(file, first) if s.kind in late), default=None)


def _lost_since(file: CaseFile, duty: Duty) -> datetime:
    spoken = on_duty(file, duty)
    if spoken is not None and spoken.answer is Answer.DECLINED:
        return spoken.at
    asks = [a for a in file.asks if a.duty_id == duty.id]
    fell = [a.withdrawn_at or (a.answered_at if a.answer is Answer.DECLINED else None) for a in asks]
    return max((at for at in fell if at is not None), default=duty.created_at)


def calls(file: CaseFile, meeting: Meeting) -> list[Call]:
    """Return all calls to make for a meeting, the oldest first."""
    found = (call for duty in duties_to_meet(file, meeting) for call in _to_ring(file, duty))
    return sorted(found, key=lambda call: call.since)


def duties_to_meet(file: CaseFile, meeting: Meeting) -> list[Duty]:
    """Return the duties still to be met: none of a meeting that is over, or of an agency that has left."""
    return [d for d in file.duties_of(meeting.id) if file.duty_stands(d)]


def listed_at(file: CaseFile, meeting: Meeting, posted: Iterable[datetime]) -> datetime | None:
    """Return the time that identifies the call list: when a call was last new to it. None if it is empty.

    `posted` are the times of the posted lists. A call that follows soon after is added to the same list, even
    if that is not posted yet.
    """
    named = max(posted, default=None)
    for call in calls(file, meeting):
        if named is None or is_new(call, named):
            named = call.since
    return named


def is_new(call: Call, listed: datetime) -> bool:
    """Return whether a call is new to a call list of that time."""
    return not call.caused_by_coordinator and call.since >= listed + SAME_LIST_WITHIN


# --- the summons that replaces the question of taushetsplikt


def still_asked(file: CaseFile, ask: Ask) -> bool:
    """Return whether this person is still expected to answer for that meeting."""
    return ask.live and not ask.awaits_approval and file.duty_stands(file.duty(ask.duty_id))


def may_answer(file: CaseFile, ask: Ask) -> bool:
    """Return whether the person is still asked, and has confirmed taushetsplikt."""
    return still_asked(file, ask) and not file.awaits_confidentiality(ask)


def first_summons(file: CaseFile, seat: Seat) -> Ask | None:
    """Return the ask that replaces the question of taushetsplikt once its person has confirmed it there.

    It is for the earliest meeting that the person knew of then. A later or repeated ask is its own message,
    which notifies the person; so is every ask to a person who confirmed to a coordinator.
    """
    at = seat.acknowledged_at
    if at is None or not seat.confirmed or seat.acknowledged_via is not Via.SLACK:
        return None
    found = [
        (meeting.starts_at, ask.id, ask)
        for ask in file.asks
        if ask.asked_at <= at
        and (ask.withdrawn_at is None or ask.withdrawn_at > at)
        and (meeting := file.meeting(ask.meeting_id)).ends_at > at
        and _seat_of(file, ask) == seat.id
    ]
    return min(found)[2] if found else None


def _seat_of(file: CaseFile, ask: Ask) -> str | None:
    """Return the id of the seat of an ask's person, preferring a deputy's seat for this meeting."""
    seats = file.seats_of(ask.person_id, file.part_of(ask))
    of_meeting = (s.id for s in seats if s.meeting_id == ask.meeting_id)
    return next(of_meeting, None) or next((s.id for s in seats if s.meeting_id is None), None)


def replaces_question(file: CaseFile, ask: Ask) -> bool:
    """Return whether the summons of an ask is shown in the message of the question of taushetsplikt."""
    return any(first_summons(file, seat) == ask for seat in file.seats_of(ask.person_id))


# --- what needs no reminder any more


def is_settled(file: CaseFile, subject: str, since: datetime) -> bool:
    """Return whether the open question about an ask or a seat that was told at `since` is settled.

    The person has confirmed or answered, or a coordinator has recorded it; or the ask was withdrawn; or a
    colleague has answered for the agency since. Other subjects are unknown.
    """
    if (ask := file.ask(subject)) is not None:
        over = ask.withdrawn_at or ask.answer or ask.told_at
        return over is not None or _answered(file, ask.duty_id, since)
    seat = file.seat(subject)
    if seat is None:
        return False
    duties = (d.id for d in file.duties if d.involvement_id == seat.involvement_id)
    over_at = seat.ended_at or seat.acknowledged_at
    return over_at is not None or any(_answered(file, duty, since) for duty in duties)


def _answered(file: CaseFile, duty_id: str, since: datetime) -> bool:
    times = [ask.answered_at for ask in file.asks if ask.duty_id == duty_id]
    times += [answer.at for answer in file.phone_answers if answer.duty_id == duty_id]
    return any(at is not None and at > since for at in times)

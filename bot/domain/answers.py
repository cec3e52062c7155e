"""The standing of an agency for a meeting. Derived, never stored.

`standing_of` is the one place that says so. The card, Home, the lacks, the chain, the list of those to ring,
the roll call and the register all ask it, so that no two of them can contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.case.entities import (
    Answer,
    Approval,
    Ask,
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
#: Steps that fall due together are taken one by one: nobody is told thrice that there is somebody to ring.
SETTLES = timedelta(minutes=2)


class DutyState(StrEnum):
    """All that an agency's duty can come to. The first are without one: no meeting is set."""

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
        """Return whether nobody of the agency will come unless somebody does something about it."""
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
    """Somebody to ring, since when: about a question.

    None where an agency has nobody to be asked, or somebody on duty has declined for it.
    """

    ask: Ask | None
    since: datetime

    @property
    def known(self) -> bool:
        """Return whether a coordinator has brought it about and was told so: a deputy whom none can reach.

        Of another time they have to hear like everybody.
        """
        ask = self.ask
        if ask is None or ask.asked_anew:
            return False
        return ask.approval is Approval.APPROVED and self.since == ask.asked_at


@dataclass(frozen=True, slots=True)
class AgencyStanding:
    """Where an agency stands: its `part` in the case, and the `state` of its duty at one meeting.

    `people` are whom the state is about (ids): who comes, who is silent, who cannot. `since` is an aware UTC
    datetime. `exhausted` is whether a chain has come to its end, `untold` whether nothing has reached anybody
    in it. `ring` are the calls that a coordinator has to make.
    """

    involvement: Involvement
    duty: Duty | None
    part: Standing
    state: DutyState
    people: tuple[str, ...] = ()
    since: datetime | None = None
    exhausted: bool = False
    untold: bool = False
    ring: tuple[Call, ...] = ()

    @property
    def shown(self) -> DutyState:
        """The state for the whole room, which learns of a chain no more than that it is at its end."""
        return DutyState.MUST_BE_CALLED if self.exhausted and self.state.awaited else self.state


def standings(file: CaseFile, now: datetime) -> list[AgencyStanding]:
    """Where each agency stands whose part is not over, for the next meeting (`now` is aware UTC)."""
    meeting = file.next_meeting(now)
    return [standing_of(file, i, meeting) for i in file.involvements if i.ended_at is None]


def standing_at(file: CaseFile, duty: Duty) -> AgencyStanding:
    return standing_of(file, file.involvement(duty.involvement_id), file.meeting(duty.meeting_id))


def standing_of(file: CaseFile, involvement: Involvement, meeting: Meeting | None) -> AgencyStanding:
    """Where an agency stands for a meeting; without one, or without a duty there, in the case alone."""
    of_agency = file.duties_of(meeting.id) if meeting is not None else []
    duty = next((d for d in of_agency if d.involvement_id == involvement.id), None)
    part = file.standing(involvement)
    if duty is None:
        return _without_duty(file, involvement, part)
    there = [a for a in file.arrivals if a.duty_id == duty.id]
    if there:
        present = tuple(dict.fromkeys(a.person_id for a in there if a.person_id is not None))
        since = min(a.at for a in there)
        return AgencyStanding(involvement, duty, part, DutyState.PRESENT, present, since)
    state, asks = _state(file, duty)
    chains = list(chain_heads(file, duty))
    spoken = on_duty(file, duty)
    since = min((_since(file, a, state) for a in asks), default=spoken.at if spoken else duty.created_at)
    return AgencyStanding(
        involvement,
        duty,
        part,
        state,
        tuple(dict.fromkeys(a.person_id for a in asks)),
        since,
        exhausted=any(s.kind is StepKind.COORDINATOR for a in chains for s in _own_steps(file, a)),
        untold=bool(chains) and all(unasked(file, a) for a in chains),
        ring=tuple(_to_ring(file, duty, state, asks)),
    )


def _without_duty(file: CaseFile, involvement: Involvement, part: Standing) -> AgencyStanding:
    if involvement.not_ours is not None:
        said_by = (involvement.not_ours_by,) if involvement.not_ours_by is not None else ()
        return AgencyStanding(involvement, None, part, DutyState.NOT_OURS, said_by, involvement.not_ours_at)
    seats = file.seats_for(involvement.id)
    if part is Standing.ASKED and cannot(file, involvement):
        state = DutyState.DECLINED
    elif part is Standing.ASKED:
        state = DutyState.AWAITS_CONFIDENTIALITY if seats else DutyState.NOBODY_ASKED
    else:
        state = DutyState.TAKES_PART if part is Standing.ACTIVE else DutyState.EXPECTED
        seats = [s for s in seats if s.confirmed]
    people = tuple(dict.fromkeys(s.person_id for s in seats))
    return AgencyStanding(involvement, None, part, state, people, involvement.asked_at)


def cannot(file: CaseFile, involvement: Involvement) -> bool:
    """Return whether all who are asked for an agency, to whichever meeting, have said that they cannot."""
    asked = [
        a
        for d in file.duties
        if d.involvement_id == involvement.id and file.meeting(d.meeting_id).live
        for a in file.asks_of(d.id)
    ]
    return bool(asked) and all(a.answer is Answer.DECLINED for a in asked)


def _state(file: CaseFile, duty: Duty) -> tuple[DutyState, list[Ask]]:
    """The state of a duty, and the asks that it is about. A deputy's answer counts for the agency.

    So does that of whoever was on duty when it was rung, which is about no ask.

    A deputy stands in also for somebody who has left since. While several of an agency are asked, it is the
    one who is nearest to an answer that counts.
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


def _since(file: CaseFile, ask: Ask, state: DutyState) -> datetime:
    """When it was answered, else asked: of who has to be rung, when they were."""
    answered = ask.answered_at if state.comes or state is DutyState.DECLINED else None
    reached = file.reached_directly(ask.person_id, file.duty(ask.duty_id).involvement_id)
    return answered or (None if reached else ask.told_at) or ask.asked_at


# --- who is silent


def principals(file: CaseFile, duty_id: str) -> list[Ask]:
    """The asks of a duty that stand and are nobody's deputy's, oldest first."""
    return [a for a in file.asks_of(duty_id) if a.deputy_for is None]


def head(file: CaseFile, duty: Duty) -> Ask | None:
    """The ask on which the chain of an agency hangs; None once anybody has answered, or a deputy comes.

    It is the one with which the asking began, or whom the leader has named; if that one is gone, the oldest.
    """
    asked = principals(file, duty.id)
    answered = any(a.answer is not None for a in asked) or answered_on_duty(file, duty)
    if not asked or answered or _somebody_comes(file, duty):
        return None
    begun = [a for a in asked if a.escalated_from is None or a.named_by is not None]
    return begun[-1] if begun else asked[0]


def chain_heads(file: CaseFile, duty: Duty) -> Iterator[Ask]:
    """The asks of an agency that have a chain: the one at its head, and each silent deputy's."""
    first = head(file, duty)
    if first is not None:
        yield first
    if not _somebody_comes(file, duty):
        yield from (a for a in file.asks_of(duty.id) if a.deputy_for is not None and a.open)


def _somebody_comes(file: CaseFile, duty: Duty) -> bool:
    return answered_on_duty(file, duty) or any(a.answer is Answer.CONFIRMED for a in file.asks_of(duty.id))


def steps_of(file: CaseFile, duty_id: str) -> list[EscalationStep]:
    """The steps taken for a duty, for the meeting as it now stands, oldest first."""
    sequence = file.meeting(file.duty(duty_id).meeting_id).sequence
    taken = [s for s in file.steps if s.duty_id == duty_id and s.sequence == sequence]
    return sorted(taken, key=lambda s: (s.taken_at, _ORDER.index(s.kind)))


def unasked(file: CaseFile, ask: Ask) -> bool:
    """Return whether nothing has reached anybody in the chain of this ask: no message, no mail, no call."""
    part = file.duty(ask.duty_id).involvement_id
    if any(s.person_id for s in _own_steps(file, ask)):
        return False
    asks = [ask] if ask.deputy_for is not None else principals(file, ask.duty_id)
    told = any(a.answer is not None or a.told_via is not None for a in asks)
    spoken = on_duty(file, file.duty(ask.duty_id)) is not None
    return not told and not spoken and not any(file.reached_directly(a.person_id, part) for a in asks)


def reminded(file: CaseFile, ask: Ask) -> bool:
    """Return whether the person of an ask was reminded of it as it now stands: there they answer."""
    return any(s.person_id == ask.person_id and s.kind is StepKind.REMINDER for s in _own_steps(file, ask))


def _own_steps(file: CaseFile, ask: Ask) -> list[EscalationStep]:
    return [s for s in steps_of(file, ask.duty_id) if s.ask_id == ask.id]


# --- whom to ring


def _to_ring(file: CaseFile, duty: Duty, state: DutyState, asks: list[Ask]) -> Iterator[Call]:
    """Those whom the bot cannot reach at once, who declined without a deputy, and who is nobody at all.

    Who is silent once their chain has come to the coordinators; in haste from the first reminder on, so that
    the number is at hand while there is time.
    """
    if state is DutyState.NOBODY_ASKED:
        yield Call(None, _lost_since(file, duty))
    elif state is DutyState.DECLINED and not asks:
        yield Call(None, spoken.at if (spoken := on_duty(file, duty)) is not None else duty.created_at)
    elif state is DutyState.DECLINED:
        yield from (Call(a, _lost_since(file, duty)) for a in asks)
    elif not state.comes:
        for first in chain_heads(file, duty):
            silent = [first] if first.deputy_for is not None else principals(file, duty.id)
            climbed = _climbed_at(file, first)
            for ask in silent:
                if ask.open and file.must_be_called(ask):
                    yield Call(ask, ask.asked_at)
                elif ask.open and climbed is not None:
                    yield Call(ask, climbed)


def _climbed_at(file: CaseFile, first: Ask) -> datetime | None:
    starts_at = file.meeting(first.meeting_id).starts_at
    in_haste = file.team.half_day_to_answer(first.asked_at, starts_at) is None
    late = tuple(StepKind) if in_haste else (StepKind.COORDINATOR,)
    return min((s.taken_at for s in _own_steps(file, first) if s.kind in late), default=None)


def _lost_since(file: CaseFile, duty: Duty) -> datetime:
    """The last time at which somebody of the agency fell away."""
    asks = [a for a in file.asks if a.duty_id == duty.id]
    fell = [a.withdrawn_at or (a.answered_at if a.answer is Answer.DECLINED else None) for a in asks]
    return max((at for at in fell if at is not None), default=duty.created_at)


def calls(file: CaseFile, meeting: Meeting) -> list[tuple[AgencyStanding, Call]]:
    """Everybody to be rung for a meeting, whoever has waited longest first."""
    found = [(s, c) for s in (standing_at(file, d) for d in duties_ahead(file, meeting)) for c in s.ring]
    return sorted(found, key=lambda each: each[1].since)


def duties_ahead(file: CaseFile, meeting: Meeting) -> list[Duty]:
    """The duties of a meeting that are still to be met: not of one that is over, nor of who has left."""
    if not file.open or not meeting.live:
        return []
    return [d for d in file.duties_of(meeting.id) if file.involvement(d.involvement_id).ended_at is None]


def listed_at(file: CaseFile, meeting: Meeting, posted: Iterable[datetime]) -> datetime | None:
    """The time that names the list of those to ring: when somebody was last new to it. None: it is empty.

    `posted` are those of the lists that stand. Who comes on it soon after is added to the one that stands,
    or is about to: a second step of the same minutes names the same list, though the first is not posted yet.
    """
    named = max(posted, default=None)
    for call in sorted((call for _, call in calls(file, meeting)), key=lambda call: call.since):
        if named is None or is_new(call, named):
            named = call.since
    return named


def is_new(call: Call, listed: datetime) -> bool:
    """Return whether somebody to be rung is new to a list of that time."""
    return not call.known and call.since >= listed + SETTLES


# --- the summons in the place of the question


def still_asked(file: CaseFile, ask: Ask) -> bool:
    """Return whether this person is still expected to answer for that meeting."""
    duty = file.duty(ask.duty_id)
    return (
        file.open
        and ask.live
        and not ask.awaits_approval
        and duty.withdrawn_at is None
        and file.involvement(duty.involvement_id).ended_at is None
        and file.meeting(ask.meeting_id).live
    )


def first_summons(file: CaseFile, seat: Seat) -> Ask | None:
    """Return the ask that is shown in the question of taushetsplikt once its person has confirmed there.

    It is the earliest meeting of those that the person knew of then. What is asked later, or anew, is a
    message of its own, which rings a phone; so is all that is asked of who has confirmed to a coordinator.
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
    """Return the id of the seat of an ask's person: of two that of a deputy at this very meeting."""
    part = file.duty(ask.duty_id).involvement_id
    seats = [s for s in file.seats_of(ask.person_id) if s.involvement_id == part]
    of_meeting = (s.id for s in seats if s.meeting_id == ask.meeting_id)
    return next(of_meeting, None) or next((s.id for s in seats if s.meeting_id is None), None)


def in_question(file: CaseFile, ask: Ask) -> bool:
    """Return whether the summons to an ask is shown in the question of taushetsplikt."""
    return any(first_summons(file, seat) == ask for seat in file.seats_of(ask.person_id))


# --- counts, and what nobody need be told any more


@dataclass(frozen=True, slots=True)
class Turnout:
    """Agencies by where they stand: each is counted once.

    They are counted as the card shows each (`AgencyStanding.shown`). `staying_away` have said that the case
    is not theirs; `expected` have no duty yet.
    """

    coming: int = 0
    silent: int = 0
    to_ring: int = 0
    to_approve: int = 0
    staying_away: int = 0
    expected: int = 0


def turnout(standings: Iterable[AgencyStanding]) -> Turnout:
    """Count the agencies. One whose duty is over without being met or lost is waited for by nobody."""
    coming = silent = to_ring = to_approve = staying_away = expected = 0
    for standing in standings:
        state = standing.shown
        if state is DutyState.NOT_OURS:
            staying_away += 1
        elif standing.duty is None:
            expected += 1
        elif state.comes:
            coming += 1
        elif state.lost or state is DutyState.MUST_BE_CALLED:
            to_ring += 1
        elif state is DutyState.DEPUTY_AWAITS_APPROVAL:
            to_approve += 1
        elif state.awaited:
            silent += 1
    return Turnout(coming, silent, to_ring, to_approve, staying_away, expected)


def is_seen_to(file: CaseFile, subject: str, since: datetime, *, arrived: bool) -> bool:
    """Return whether a question or a seat waits for nothing any more that was told of it `since` then.

    They have confirmed or answered, or a coordinator has recorded it; or the question was withdrawn, or put
    anew and has `arrived`; or somebody else has answered for the agency since. Of anything else nobody knows.
    """
    if (ask := file.ask(subject)) is not None:
        over = ask.withdrawn_at or ask.answer or ask.told_at
        return over is not None or arrived or _answered(file, ask.duty_id, since)
    seat = file.seat(subject)
    if seat is None:
        return False
    duties = (d.id for d in file.duties if d.involvement_id == seat.involvement_id)
    over_at = seat.ended_at or seat.acknowledged_at
    return over_at is not None or arrived or any(_answered(file, duty, since) for duty in duties)


def _answered(file: CaseFile, duty_id: str, since: datetime) -> bool:
    times = [ask.answered_at for ask in file.asks if ask.duty_id == duty_id]
    times += [answer.at for answer in file.phone_answers if answer.duty_id == duty_id]
    return any(at is not None and at > since for at in times)

"""Find a time for a meeting: propose two or three, say which suit, call the meeting at one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.case.entities import Answer, Involvement, Meeting, Via
from bot.domain.case.file import CaseFile, Target
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.coordinating import in_charge
from bot.domain.directory.entities import Person
from bot.domain.errors import Refusal, Refused
from bot.domain.notifications import Kind, Notification
from bot.domain.overview.told import tell
from bot.domain.polls import (
    all_answered,
    answer_of,
    answers_for,
    asked_of,
    closes_at,
    parts,
    polled,
    stands,
    times_ahead,
)
from bot.usecases.answers import give_answer
from bot.usecases.authorization import CaseContext, enter, enter_case, enter_lasting, get_or_refuse
from bot.usecases.coordinating import note_acting
from bot.usecases.meeting import (
    PlanMeeting,
    plan_meeting,
    remove_polls,
    review_meeting,
)
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import MeetingPlan, Warn, check_meeting, check_times, check_unmoved, warnings


@dataclass(frozen=True, slots=True)
class ProposeTimes(PlanMeeting):
    """Two or three times for a meeting. `meeting` has the first time; its other fields hold for all times."""

    _: KW_ONLY
    second_time: datetime | None = None
    third_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimesReview:
    """A poll as shown before anybody is asked, and what to think of at each of its times."""

    file: CaseFile
    poll: TimePoll
    warnings: tuple[tuple[Warn, ...], ...]


def review_times(uow: UnitOfWork, actor: Person, command: ProposeTimes) -> TimesReview:
    """Check the times. Changes nothing."""
    here, meeting = _enter_proposal(uow, actor, command)
    file = here.file()
    plan = check_meeting(file.team, command.meeting, uow.now)
    plans = check_times(file.team, plan, (command.second_time, command.third_time), uow.now, meeting)
    moved = meeting.id if meeting is not None else None
    poll = TimePoll(
        "",
        file.case.id,
        actor.id,
        uow.now,
        closes_at=closes_at(file, uow.now, [plan.starts_at for plan in plans]),
        starts=tuple(plan.starts_at for plan in plans),
        minutes=int((plan.ends_at - plan.starts_at) / timedelta(minutes=1)),
        place=plan.place,
        link=plan.link,
        note=plan.note,
        meeting_id=moved,
        sequence=meeting.sequence if meeting is not None else None,
    )
    pointed_out = tuple(
        warnings(uow, file.team, each, file=file, coordinator_id=actor.id, moved=moved) for each in plans
    )
    return TimesReview(file, poll, pointed_out)


def _enter_proposal(
    uow: UnitOfWork, actor: Person, command: ProposeTimes
) -> tuple[CaseContext, Meeting | None]:
    if not command.meeting_id:
        return enter_case(uow, actor, Action.PROPOSE_TIMES, command.case_id), None
    here, meeting = enter_lasting(uow, actor, Action.PROPOSE_TIMES, Meeting, command.meeting_id)
    if meeting.starts_at <= uow.now:
        raise Refused(Refusal.NO_LONGER_ASKED)
    check_unmoved(meeting, command.sequence)
    return here, meeting


def propose_times(uow: UnitOfWork, actor: Person, command: ProposeTimes, review: TimesReview) -> TimePoll:
    """Ask which times suit. It calls or moves no meeting, and takes earlier times back."""
    remove_polls(uow, review.file, review.file.polls)
    return uow.add(replace(review.poll, id=uow.ids.new()))


PROPOSE_TIMES = ReviewedCommand(ProposeTimes, review_times, propose_times)


def withdraw_times(uow: UnitOfWork, actor: Person, poll_id: str) -> None:
    """Take the times back, with all answers to them."""
    here, poll = enter_poll(uow, actor, Action.PROPOSE_TIMES, poll_id)
    remove_polls(uow, here.file(), [poll])


def enter_poll(uow: UnitOfWork, actor: Person, action: Action, poll_id: str) -> tuple[CaseContext, TimePoll]:
    """Times that can no longer be chosen are gone: `drop_lapsed` follows each change of the case."""
    return enter(uow, actor, action, TimePoll, poll_id)


def drop_lapsed(uow: UnitOfWork, file: CaseFile) -> None:
    """Remove polls of which no time can be chosen any more.

    The meeting has been moved or called off, the case is closed, or the last time has passed.
    """
    lapsed = (poll for poll in file.polls if not stands(file, poll) or not times_ahead(poll, uow.now))
    remove_polls(uow, file, lapsed)


def poll_notifications(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """Yield the question to each person asked, and to the case's holder the message which time is best.

    The latter is sent when the window is over or everybody has answered, and is kept current from then on.
    """
    for poll in file.polls:
        yield from tell(file, Kind.TIMES_ASKED, poll)
        waits = poll.closes_at > now and not all_answered(file, poll)
        due_at = poll.closes_at if waits else None
        yield from tell(file, Kind.TIMES_BEST, poll, to=[in_charge(file)], due_at=due_at)


def answer_time(
    uow: UnitOfWork, actor: Person, poll_id: str, at: datetime | None = None, *, suits: bool = False
) -> None:
    """Say whether a time suits, for each agency one is asked for; without a time, that none of them does."""
    poll = get_or_refuse(uow, actor, TimePoll, poll_id)
    file = uow.case_file(poll.case_id)
    theirs = asked_of(file, poll, actor.id) if file is not None else []
    target = Target(actor.id, theirs[0].id) if theirs else Target()
    here = enter_case(uow, actor, Action.ANSWER_TIMES, poll.case_id, target)
    if at is not None and at not in times_ahead(poll, uow.now):
        raise Refused(Refusal.NO_LONGER_ASKED)
    for part in theirs:
        known = answer_of(here.file(), poll, part, actor.id)
        others = {*known.suits} - {at} if known is not None and at is not None else set()
        _store(here, poll, part, actor.id, others | ({at} if at is not None and suits else set()))


def record_times(
    uow: UnitOfWork,
    actor: Person,
    poll_id: str,
    *,
    agency: str,
    suits: tuple[datetime, ...] = (),
) -> None:
    """Record which times an agency (by its part's id) said on the telephone suit it; it replaces an earlier
    answer.
    """
    here, poll = enter_poll(uow, actor, Action.ANSWER_ON_BEHALF, poll_id)
    asked = [(p, person) for p, person in polled(here.file(), poll) if p.id == agency]
    if not asked or set(suits) - set(poll.starts):
        raise Refused(Refusal.NO_LONGER_ASKED)
    note_acting(here)
    _store(here, poll, *asked[0], suits)


def _store(
    here: CaseContext, poll: TimePoll, part: Involvement, person_id: str, suits: Iterable[datetime]
) -> None:
    uow, known = here.uow, answer_of(here.file(), poll, part, person_id)
    if known is not None:
        uow.remove(known)
    said = (uow.now, here.actor.id, tuple(sorted(suits)))
    uow.add(TimeAnswer(uow.ids.new(), poll.case_id, poll.id, part.id, person_id, *said))


def call_time(uow: UnitOfWork, actor: Person, poll_id: str, at: datetime) -> Meeting:
    """Call the meeting at one of the times, or move it there; the answers about this time count.

    Everybody is asked as at every call. A person asked who has said that this time suits has thereby
    confirmed.
    """
    poll = get_or_refuse(uow, actor, TimePoll, poll_id)
    of = (poll.case_id, poll.meeting_id or "", poll.sequence or 0)
    planned = PlanMeeting(*of, meeting=plan_at(poll, at))
    review = review_meeting(uow, actor, planned)
    file = review.file
    if at not in poll.starts:
        raise Refused(Refusal.NO_LONGER_ASKED)
    answers = [answer for part in parts(file, poll) for answer in answers_for(file, poll, part)]
    meeting = plan_meeting(uow, actor, planned, review)
    if poll.meeting_id is not None:
        remove_polls(uow, file, [poll])
    _answer_asks(review.here, meeting, answers, at)
    return meeting


def plan_at(poll: TimePoll, at: datetime) -> MeetingPlan:
    return MeetingPlan(at, at + timedelta(minutes=poll.minutes), poll.place, poll.link, poll.note)


def _answer_asks(here: CaseContext, meeting: Meeting, answers: Iterable[TimeAnswer], at: datetime) -> None:
    """Confirm for those who have said that this time suits, an agency's own people before its deputies."""
    uow, file = here.uow, here.file()
    said = {(a.involvement_id, a.person_id): a for a in answers}
    asks = [ask for duty in file.duties_of(meeting.id) for ask in file.asks_of(duty.id)]
    for each in sorted(asks, key=lambda ask: ask.deputy_for is not None):
        ask = here.file().ask(each.id)
        answer = said.get((file.part_of(each), each.person_id))
        if ask is None or answer is None or not ask.open or at not in answer.suits:
            continue
        if answer.answered_by != answer.person_id:
            ask = uow.change(ask, told_at=answer.answered_at, told_via=Via.PHONE)
        give_answer(here, ask, Answer.CONFIRMED, by=answer.answered_by)

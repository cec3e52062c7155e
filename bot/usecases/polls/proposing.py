"""Propose two or three times for one meeting, or take them back; what a change of the case makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, Meeting
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.coordinating import in_charge
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked
from bot.domain.notifications import Kind, Notification
from bot.domain.polls import all_answered, asked_in_slack, closes_at, parts, polled, stands, times_ahead
from bot.usecases.authorization import CaseContext, enter_case, enter_meeting, get_or_refuse
from bot.usecases.meeting import chosen_chair, remove_polls
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import MeetingPlan, Warn, check_meeting, check_times, warnings


@dataclass(frozen=True, slots=True)
class ProposeTimes:
    """Two or three times for a new meeting of the case, or for moving `meeting_id`.

    `meeting` has the first of them; the rest of it is the same for all. `chair` is a Slack id.
    """

    case_id: str
    meeting: MeetingPlan
    second: datetime | None = None
    third: datetime | None = None
    chair: str | None = None
    meeting_id: str | None = None


@dataclass(frozen=True, slots=True)
class TimesReview:
    """The poll as shown before anybody is asked: which times, what to think of at each, whom the bot asks.

    `people` are (involvement id, person id) of those who are asked now, `ring` the agencies for which a
    coordinator asks, `later` those that are asked once they have confirmed taushetsplikt.
    """

    file: CaseFile
    poll: TimePoll
    plans: tuple[MeetingPlan, ...]
    warnings: tuple[tuple[Warn, ...], ...]
    people: tuple[tuple[str, str], ...]
    ring: tuple[Involvement, ...]
    later: tuple[Involvement, ...]
    meeting: Meeting | None = None

    @property
    def replaces(self) -> bool:
        """Return whether other times stand, which are taken back."""
        return any(stands(self.file, poll) for poll in self.file.polls)


def review_times(uow: UnitOfWork, actor: Person, command: ProposeTimes) -> TimesReview:
    """Check the times and name who would be asked which suit. Changes nothing."""
    here, meeting = _enter_proposal(uow, actor, command)
    file = here.file
    plan = check_meeting(file.team, command.meeting, uow.now)
    plans = check_times(file.team, plan, (command.second, command.third), uow.now, meeting)
    moved = meeting.id if meeting is not None else None
    poll = TimePoll(
        "",
        file.case.id,
        actor.id,
        uow.now,
        closes_at=closes_at(file, uow.now, [plan.starts_at for plan in plans]),
        starts=tuple(plan.starts_at for plan in plans),
        minutes=int((plans[0].ends_at - plans[0].starts_at) / timedelta(minutes=1)),
        place=plans[0].place,
        link=plans[0].link,
        note=plans[0].note,
        chair=chosen_chair(uow, file, meeting, command.chair),
        meeting_id=moved,
        sequence=meeting.sequence if meeting is not None else None,
    )
    asked = polled(file, poll)
    direct = [(part, person) for part, person in asked if file.reached_directly(person, part.id)]
    seen, reached = ({part.id for part, _ in some} for some in (asked, direct))
    return TimesReview(
        file,
        poll,
        tuple(plans),
        warnings=tuple(
            tuple(warnings(uow, file.team, plan, file=file, coordinator_id=actor.id, moved=moved))
            for plan in plans
        ),
        people=tuple((part.id, person) for part, person in direct),
        ring=tuple(part for part in parts(file, poll) if part.id in seen - reached),
        later=tuple(part for part in parts(file, poll) if part.id not in seen),
        meeting=meeting,
    )


def _enter_proposal(
    uow: UnitOfWork, actor: Person, command: ProposeTimes
) -> tuple[CaseContext, Meeting | None]:
    if command.meeting_id is None:
        return enter_case(uow, actor, Action.PROPOSE_TIMES, command.case_id), None
    here, meeting = enter_meeting(uow, actor, Action.PROPOSE_TIMES, command.meeting_id)
    if not meeting.live or meeting.starts_at <= uow.now:
        raise NoLongerAsked
    return here, meeting


def propose_times(uow: UnitOfWork, actor: Person, command: ProposeTimes, review: TimesReview) -> TimePoll:
    """Ask which times suit. No meeting is called or moved by it; times that stand are taken back."""
    remove_polls(uow, review.file, review.file.polls)
    poll = replace(review.poll, id=uow.ids.new())
    uow.add(poll)
    return poll


PROPOSE_TIMES = ReviewedCommand(
    ProposeTimes,
    review_times,
    propose_times,
    lambda review: [f"{part} {person}" for part, person in review.people],
)


def withdraw_times(uow: UnitOfWork, actor: Person, poll_id: str) -> None:
    """Take the times back, and all that was answered."""
    here, poll = enter_poll(uow, actor, Action.PROPOSE_TIMES, poll_id)
    remove_polls(uow, here.file, [poll])


def enter_poll(uow: UnitOfWork, actor: Person, action: Action, poll_id: str) -> tuple[CaseContext, TimePoll]:
    poll = get_or_refuse(uow, actor, TimePoll, poll_id)
    here = enter_case(uow, actor, action, poll.case_id)
    return here, still_standing(here.file, poll)


def still_standing(file: CaseFile, poll: TimePoll) -> TimePoll:
    """The poll, if it is there still: the case is locked now."""
    if poll not in file.polls or not stands(file, poll):
        raise NoLongerAsked
    return poll


def drop_lapsed(uow: UnitOfWork, file: CaseFile) -> None:
    """Remove the times of which none can be chosen any more.

    The meeting has been moved or called off, the case is closed, or the last of them has passed.
    """
    lapsed = (poll for poll in file.polls if not stands(file, poll) or not times_ahead(poll, uow.now))
    remove_polls(uow, file, lapsed)


def poll_notifications(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """The question to each who is asked, and to whoever has the case which time is best.

    That is told once, when the window is over or everybody has answered; then it is kept current.
    """
    for poll in file.polls:
        for person_id in sorted({person for _, person in polled(file, poll)}):
            if asked_in_slack(file, poll, person_id):
                yield Notification(Kind.TIMES_ASKED, poll.id, case_id=file.case.id, recipient=person_id)
        coordinator = in_charge(file)
        if coordinator is not None:
            waits = poll.closes_at > now and not all_answered(file, poll)
            yield Notification(
                Kind.TIMES_BEST,
                poll.id,
                file.case.id,
                coordinator,
                due_at=poll.closes_at if waits else None,
            )

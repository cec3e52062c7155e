"""Call, move and call off a meeting of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass

from bot.domain.access import Action
from bot.domain.case.entities import Meeting
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimePoll
from bot.domain.directory.entities import Person
from bot.domain.errors import Refusal, refuse
from bot.domain.meeting import AfterMove, after_move, must_ring_again
from bot.usecases.authorization import CaseContext, enter_case, enter_lasting
from bot.usecases.involvement import summons
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import MeetingPlan, Warn, check_meeting, check_unmoved, warnings


@dataclass(frozen=True, slots=True)
class PlanMeeting:
    """A new meeting of the case, or the changed meeting with `meeting_id`, as it is at `sequence`.

    Another time or place asks everyone again, another note does not.
    """

    case_id: str = ""
    meeting_id: str = ""
    sequence: int = 0
    _: KW_ONLY
    meeting: MeetingPlan


@dataclass(frozen=True, slots=True)
class MeetingReview:
    """A meeting as shown before anything is sent; `moved` is the meeting that is changed, as it was."""

    here: CaseContext
    meeting: MeetingPlan
    warnings: tuple[Warn, ...]
    moved: Meeting | None

    @property
    def file(self) -> CaseFile:
        return self.here.file()

    @property
    def asks_again(self) -> bool:
        """Return whether everybody is asked: another note asks nobody."""
        return self.moved is None or self.meeting.differs_from(self.moved)


def review_meeting(uow: UnitOfWork, actor: Person, command: PlanMeeting) -> MeetingReview:
    """Check the time and place. Changes nothing."""
    moved: Meeting | None = None
    if command.meeting_id:
        here, moved = enter_move(uow, actor, command.meeting_id)
        check_unmoved(moved, command.sequence)
    else:
        here = enter_case(uow, actor, Action.CALL_MEETING, command.case_id)
    file = here.file()
    plan = check_meeting(file.team, command.meeting, uow.now)
    pointed_out = warnings(
        uow, file.team, plan, file=file, coordinator_id=actor.id, moved=command.meeting_id or None
    )
    return MeetingReview(here, plan, pointed_out, moved)


def plan_meeting(uow: UnitOfWork, actor: Person, command: PlanMeeting, review: MeetingReview) -> Meeting:
    """Call the meeting, or move it. Every agency in the case has the duty to attend; its lead is asked."""
    if review.moved is not None:
        return _move(uow, review, review.moved)
    remove_polls(uow, review.file, (p for p in review.file.polls if p.meeting_id is None))
    meeting = summons.add_meeting(uow, command.case_id, review.meeting)
    summons.summon(uow, uow.current(review.file), meeting)
    return meeting


def remove_polls(uow: UnitOfWork, file: CaseFile, polls: Iterable[TimePoll]) -> None:
    """Remove proposed times, and the answers to them: one is called, or none will be."""
    for poll in polls:
        for each in (*(a for a in file.time_answers if a.poll_id == poll.id), poll):
            uow.remove(each)


def see_movable(
    uow: UnitOfWork, actor: Person, channel_id: str, action: Action = Action.MOVE_MEETING
) -> list[tuple[CaseFile, Meeting]]:
    """The meetings that can be moved or called off, soonest first.

    A meeting that is over cannot be moved, but it can be called off if nothing came of it.
    """
    file = enter_case(uow, actor, action, channel_id).file()
    over_too = action is Action.CANCEL_MEETING
    ahead = [(file, m) for m in file.meetings if m.live and (over_too or m.ends_at > uow.now)]
    soonest = sorted(ahead, key=lambda each: each[1].starts_at)
    return soonest or refuse(Refusal.NOTHING_HERE, "meeting", room=file.room.channel_id)


def enter_move(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[CaseContext, Meeting]:
    """Let the person move a meeting; its chair, too, may postpone one that has begun."""
    stored = uow.get(Meeting, meeting_id)
    begun = stored is not None and stored.starts_at <= uow.now
    action = Action.POSTPONE_MEETING if begun else Action.MOVE_MEETING
    return enter_lasting(uow, actor, action, Meeting, meeting_id)


def _move(uow: UnitOfWork, review: MeetingReview, meeting: Meeting) -> Meeting:
    """Move a meeting. Another time or place raises SEQUENCE and asks every seat holder again."""
    file = review.file
    moved = uow.change(
        meeting,
        **review.meeting.of_meeting,
        sequence=meeting.sequence + 1 if review.asks_again else meeting.sequence,
        moved_from=meeting.starts_at if review.asks_again else meeting.moved_from,
    )
    if review.asks_again:
        moved = _as_if_not_begun(uow, file, moved)
        _ask_again(uow, uow.current(file), moved)
        return moved
    # Calling the meeting at a time that is proposed for it must not undo the new note.
    for poll in file.polls:
        if poll.meeting_id == meeting.id:
            uow.change(poll, note=moved.note)
    return moved


def _as_if_not_begun(uow: UnitOfWork, file: CaseFile, meeting: Meeting) -> Meeting:
    """Take back who came; an agency that left after the meeting had begun has no duty at the new time."""
    for each in file.arrivals:
        if each.meeting_id == meeting.id:
            uow.remove(each)
    for duty in file.duties_of(meeting.id):
        left = None if duty.involvement_id in {i.id for i in file.current()} else uow.now
        uow.change(duty, attendance=None, registered_by=None, written_report=False, withdrawn_at=left)
    return uow.change(meeting, quorum_reason=None, treated=())


#: The fields of an ask that say how it was told and answered.
_ANSWERED = [
    "answer",
    "answered_at",
    "first_answered_at",
    "answered_by",
    "reason",
    "told_at",
    "told_via",
]


def _ask_again(uow: UnitOfWork, file: CaseFile, meeting: Meeting) -> None:
    """Ask each agency again as `after_move` says, with the same calendar UIDs."""
    anew = {"asked_at": uow.now, "sequence": meeting.sequence, "asked_anew": True}
    for ask, becomes in [each for d in file.duties_of(meeting.id) for each in after_move(file, d)]:
        if becomes is AfterMove.ASKED:
            uow.change(ask, **anew, **dict.fromkeys(_ANSWERED), ring_anew=must_ring_again(file, ask))
        elif becomes is not AfterMove.WITHDRAWN:
            uow.change(ask, **anew)
        elif ask.deputy_for is not None:
            summons.withdraw_ask(uow, file, ask)
        else:
            summons.withdraw(uow, file, ask)


def cancel_meeting(uow: UnitOfWork, actor: Person, meeting_id: str, sequence: int) -> None:
    """Call the meeting off, as it is at `sequence`: nobody has to come, and all asks are withdrawn."""
    here, meeting = enter_lasting(uow, actor, Action.CANCEL_MEETING, Meeting, meeting_id)
    check_unmoved(meeting, sequence)
    withdraw_meeting(uow, here.file(), meeting)


def withdraw_meeting(uow: UnitOfWork, file: CaseFile, meeting: Meeting) -> None:
    """Mark a meeting as called off, and end its duties, its asks and its deputies' seats."""
    uow.change(meeting, cancelled_at=uow.now)
    for duty in file.duties_of(meeting.id):
        uow.change(duty, withdrawn_at=uow.now)
        for ask in file.asks_of(duty.id):
            if ask.escalated_from is not None and ask.open:
                summons.withdraw(uow, file, ask)
            else:
                summons.withdraw_ask(uow, file, ask)


PLAN_MEETING = ReviewedCommand(PlanMeeting, review_meeting, plan_meeting)

"""Several times for a joint meeting: say which suit, call it at one of them, drop what has lapsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Action
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked, NotAllowed
from bot.domain.joint import JointMeeting, times_ahead
from bot.domain.outside import delete_on
from bot.usecases.joint.attending import call_off
from bot.usecases.joint.view import enqueue_joint_effects, enter_joint, joint_meeting_view, lock_joint
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan, check_meeting


@dataclass(frozen=True, slots=True)
class AnswerJointTime:
    """A person's answer about one of the times; without `at` none of them suits."""

    joint_id: str
    at: datetime | None = None
    suits: bool = False


def answer_joint_time(uow: UnitOfWork, actor: Person, command: AnswerJointTime) -> None:
    """Record whether a time suits.

    Raises:
        NotAllowed: the person is not invited, or there is no such meeting.
        AlreadyClosed: it is called off or registered.
        NoLongerAsked: a time is called, or this one has passed or never was one of them.
    """
    lock_joint(uow, command.joint_id)
    found = enter_joint(uow, actor, Action.ANSWER_JOINT, command.joint_id)
    ahead, invitation = times_ahead(found.meeting, uow.now), found.invitation_of(actor.id)
    if invitation is None:
        raise NotAllowed
    if not ahead or (command.at is not None and command.at not in ahead):
        raise NoLongerAsked
    known = set(invitation.suits or ()) if command.at is not None else set()
    if command.at is not None:
        known = known | {command.at} if command.suits else known - {command.at}
    uow.change(invitation, suits=tuple(sorted(known)), answered_at=uow.now)
    enqueue_joint_effects(uow, command.joint_id)


@dataclass(frozen=True, slots=True)
class CallJointTime:
    joint_id: str
    at: datetime


def call_joint_time(uow: UnitOfWork, actor: Person, command: CallJointTime) -> None:
    """Call the meeting at one of the times.

    Of those who are invited, whoever has said that this very time suits has answered by it, and the others
    are asked. What each said of the other times is kept no longer.

    Raises:
        CoordinatorsOnly, NotAllowed, AlreadyClosed: as `enter_joint`.
        NoLongerAsked: a time is called already, or this one was never among them.
        Invalid: the time has passed, or the place is none of the team's any more.
    """
    lock_joint(uow, command.joint_id)
    found = enter_joint(uow, actor, Action.CALL_JOINT, command.joint_id)
    meeting = found.meeting
    if command.at not in (meeting.times or ()):
        raise NoLongerAsked
    ends_at = meeting.ends_from(command.at)
    plan = MeetingPlan(command.at, ends_at, meeting.place, meeting.link, meeting.agenda)
    check_meeting(found.team, plan, uow.now)
    uow.change(
        meeting,
        starts_at=command.at,
        ends_at=ends_at,
        times=None,
        delete_on=delete_on(found.team, ends_at),
    )
    for invitation in found.invited:
        if command.at in (invitation.suits or ()):
            uow.change(invitation, invited_at=uow.now, comes=True, suits=(command.at,))
        else:
            uow.change(invitation, invited_at=uow.now, answered_at=None, suits=None)
    enqueue_joint_effects(uow, meeting.id, called=True)


def drop_lapsed_times(uow: UnitOfWork) -> None:
    """Call off each joint meeting of whose times the last has passed; show no other that has."""
    for meeting in uow.find(JointMeeting, purged_at=None):
        if not meeting.live or not any(at <= uow.now for at in meeting.times or ()):
            continue
        lock_joint(uow, meeting.id)
        now = joint_meeting_view(uow, meeting.id)
        if now is None or not now.meeting.live or now.meeting.settled:
            continue
        if times_ahead(now.meeting, uow.now):
            enqueue_joint_effects(uow, meeting.id)
        else:
            call_off(uow, now)

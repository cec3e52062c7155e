"""Change a joint meeting: another time asks everybody again, another place is told, other words are shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.directory import Person
from bot.domain.errors import AlreadyOver
from bot.domain.joint_meeting import JointMeeting
from bot.usecases.drafts import Step
from bot.usecases.guarded import MeetingPlan, Warn, warnings
from bot.usecases.joint.call_joint import check_joint
from bot.usecases.joint.standing import Gathering, enter_joint, hold_joint, joint_delete_on, settle
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class MoveJoint:
    """The joint meeting as it should be; the plan's note is the agenda."""

    joint_id: str
    topic: str
    plan: MeetingPlan


class Change(StrEnum):
    """What is another than before, the weightiest: it decides who is told, and how."""

    TIME = "time"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class MoveJointReview:
    """What is shown before anything is sent. `now` is the meeting as it stands."""

    now: Gathering
    topic: str
    plan: MeetingPlan
    change: Change
    warnings: tuple[Warn, ...]


def see_move(uow: UnitOfWork, actor: Person, joint_id: str) -> Gathering:
    """The meeting, for the form in which it is changed.

    Raises:
        NotAllowed, AlreadyClosed: as `enter_joint`.
        AlreadyOver: it has been held; what is left is to register who came.
    """
    found = enter_joint(uow, actor, Action.MOVE_JOINT, joint_id)
    if found.meeting.ends_at <= uow.now:
        raise AlreadyOver
    return found


def review_move_joint(uow: UnitOfWork, actor: Person, command: MoveJoint) -> MoveJointReview:
    """Check what is filled in and name those who would be told. Changes nothing.

    Raises:
        NotAllowed, AlreadyClosed, AlreadyOver: as `see_move`.
        Invalid: what is filled in cannot stand.
    """
    found = see_move(uow, actor, command.joint_id)
    topic, plan = check_joint(uow, found.team, command.topic, found.meeting.theme, command.plan)
    pointed_out = warnings(uow, found.team, plan, coordinator_id=actor.id, moved=found.meeting.id)
    return MoveJointReview(found, topic, plan, _change(found.meeting, plan), tuple(pointed_out))


def _change(meeting: JointMeeting, plan: MeetingPlan) -> Change:
    if (meeting.starts_at, meeting.ends_at) != (plan.starts_at, plan.ends_at):
        return Change.TIME
    return Change.PLACE if (meeting.place, meeting.link) != (plan.place, plan.link) else Change.WORDS


def move_joint(uow: UnitOfWork, actor: Person, command: MoveJoint) -> JointMeeting:
    """Change it. Another time or place raises SEQUENCE (RFC 5546, 2.1.4); another time asks anew.

    Raises:
        As `review_move_joint`.
    """
    hold_joint(uow, command.joint_id)
    review = review_move_joint(uow, actor, command)
    meeting, plan = review.now.meeting, review.plan
    sequence = meeting.sequence + (review.change is not Change.WORDS)
    planned = replace(meeting, starts_at=plan.starts_at, ends_at=plan.ends_at)
    moved = uow.change(
        meeting,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        link=plan.link,
        topic=review.topic,
        agenda=plan.note,
        sequence=sequence,
        asked_sequence=sequence if review.change is Change.TIME else meeting.asked_sequence,
        delete_on=joint_delete_on(review.now.team, planned),
    )
    if review.change is Change.TIME:
        for invitation in review.now.invited:
            uow.change(invitation, invited_at=uow.now, comes=None, answered_at=None)
    settle(uow, meeting.id)
    return moved


def _told(review: MoveJointReview) -> list[str]:
    return [review.change, *(i.person_id for i in review.now.invited)]


MOVING_JOINT = Step(MoveJoint, review_move_joint, move_joint, _told)

"""Say whether one comes to a joint meeting. Nobody has to, and nobody is asked twice."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.directory import Person
from bot.domain.errors import MovedSince, NotAllowed, TooLate
from bot.usecases.joint.standing import enter_joint, hold_joint, settle
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class AnswerJoint:
    """Whether the person comes; it can be changed until the meeting begins.

    `asked` is the meeting's `asked_sequence` when they were asked: which time they answer.
    """

    joint_id: str
    comes: bool
    asked: int


def answer_joint(uow: UnitOfWork, actor: Person, command: AnswerJoint) -> None:
    """Sign up, or say that one stays away.

    Raises:
        NotAllowed: the person is not invited, or there is no such meeting.
        AlreadyClosed: it is called off or registered.
        MovedSince: it has been moved to another time since they were asked.
        TooLate: it has begun.
    """
    hold_joint(uow, command.joint_id)
    found = enter_joint(uow, actor, Action.ANSWER_JOINT, command.joint_id)
    invitation = found.invitation_of(actor.id)
    if invitation is None:
        raise NotAllowed
    if found.meeting.asked_sequence != command.asked:
        raise MovedSince
    if found.meeting.starts_at <= uow.now:
        raise TooLate
    uow.change(invitation, comes=command.comes, answered_at=uow.now)
    settle(uow, found.meeting.id)

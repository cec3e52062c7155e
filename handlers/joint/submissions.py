"""The forms about joint meetings."""

from __future__ import annotations

from bot.texts.words import Words
from bot.usecases.joint.attending import CancelJoint, RegisterJoint, cancel_joint, register_joint
from bot.usecases.joint.calling import (
    CALLING_JOINT,
    MOVING_JOINT,
    CallJoint,
    JointReview,
    MoveJoint,
    MoveJointReview,
)
from bot.usecases.review import Reviewed
from handlers.blocks.modal import View
from handlers.joint.modals import joint_review, move_joint_review
from handlers.meeting.submissions import read_meeting
from handlers.slack.requests import Submitted
from handlers.slack.review import Shown, review, send


async def filled_in(submitted: Submitted) -> None:
    """Check what is filled in, and show whom it would invite."""
    fields = submitted.fields
    plan = read_meeting(fields)
    command = CallJoint(submitted.metadata, fields.text("topic"), plan, fields.option("theme"))
    await review(submitted, CALLING_JOINT, command, _shown(submitted))


async def sent(submitted: Submitted) -> None:
    """«Send»."""
    await send(submitted, CALLING_JOINT, _shown(submitted))


async def move_filled_in(submitted: Submitted) -> None:
    """Check what is filled in, and show whom it would tell."""
    fields = submitted.fields
    command = MoveJoint(submitted.metadata, fields.text("topic"), read_meeting(fields))
    await review(submitted, MOVING_JOINT, command, _shown_move)


async def move_sent(submitted: Submitted) -> None:
    """«Send»."""
    await send(submitted, MOVING_JOINT, _shown_move)


async def cancelled(submitted: Submitted) -> None:
    """Call it off."""
    await submitted.act(cancel_joint, CancelJoint(submitted.metadata))
    await submitted.done()


async def registered(submitted: Submitted) -> None:
    """Who came."""
    command = RegisterJoint(submitted.metadata, submitted.fields.options("came"))
    await submitted.act(register_joint, command)
    await submitted.done()


def _shown(submitted: Submitted) -> Shown[CallJoint, JointReview]:
    def shown(words: Words, metadata: str, reviewed: Reviewed[CallJoint, JointReview]) -> View:
        return joint_review(words, metadata, reviewed.review, by_mail=submitted.services.by_mail)

    return shown


def _shown_move(words: Words, metadata: str, reviewed: Reviewed[MoveJoint, MoveJointReview]) -> View:
    return move_joint_review(words, metadata, reviewed.review)

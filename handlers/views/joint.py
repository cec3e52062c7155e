"""The forms about joint meetings."""

from __future__ import annotations

from bot.texts import Words
from bot.usecases.drafts import Reviewed
from bot.usecases.joint.call_joint import CALLING_JOINT, CallJoint, JointReview
from bot.usecases.joint.end_joint import CancelJoint, RegisterJoint, cancel_joint, register_joint
from bot.usecases.joint.move_joint import MOVING_JOINT, MoveJoint, MoveJointReview
from handlers.blocks.modals.joint import joint_review, move_joint_review
from handlers.blocks.modals.parts import View
from handlers.encounters import Submitted
from handlers.views.meeting_fields import read_meeting
from handlers.views.reviewing import Shown, review, send


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

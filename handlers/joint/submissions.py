"""The forms about joint meetings."""

from __future__ import annotations

from bot.texts.words import Words
from bot.usecases.joint.attending import CancelJoint, RegisterJoint, cancel_joint, register_joint
from bot.usecases.joint.calling import (
    CALL_JOINT,
    MOVE_JOINT,
    CallJoint,
    JointReview,
    MoveJoint,
    MoveJointReview,
)
from bot.usecases.review import ReviewedDraft
from handlers.blocks.modal import View
from handlers.joint.modals import joint_review, move_joint_review
from handlers.meeting.submissions import read_meeting
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import Shown, review, send


async def filled_in(request: SubmissionRequest) -> None:
    """Check what is filled in, and show whom it would invite."""
    fields = request.fields
    plan = read_meeting(fields)
    command = CallJoint(request.metadata, fields.text("topic"), plan, fields.option("theme"))
    await review(request, CALL_JOINT, command, _shown(request))


async def sent(request: SubmissionRequest) -> None:
    """«Send»."""
    await send(request, CALL_JOINT, _shown(request))


async def move_filled_in(request: SubmissionRequest) -> None:
    """Check what is filled in, and show whom it would tell."""
    fields = request.fields
    command = MoveJoint(request.metadata, fields.text("topic"), read_meeting(fields))
    await review(request, MOVE_JOINT, command, _shown_move)


async def move_sent(request: SubmissionRequest) -> None:
    """«Send»."""
    await send(request, MOVE_JOINT, _shown_move)


async def cancelled(request: SubmissionRequest) -> None:
    await request.act_and_close(cancel_joint, CancelJoint(request.metadata))


async def registered(request: SubmissionRequest) -> None:
    command = RegisterJoint(request.metadata, request.fields.options("came"))
    await request.act_and_close(register_joint, command)


def _shown(request: SubmissionRequest) -> Shown[CallJoint, JointReview]:
    def shown(words: Words, metadata: str, reviewed: ReviewedDraft[CallJoint, JointReview]) -> View:
        return joint_review(words, metadata, reviewed.review, by_mail=request.services.by_mail)

    return shown


def _shown_move(words: Words, metadata: str, reviewed: ReviewedDraft[MoveJoint, MoveJointReview]) -> View:
    return move_joint_review(words, metadata, reviewed.review)

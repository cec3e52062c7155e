"""The forms about joint meetings."""

from __future__ import annotations

from bot.usecases.joint.attending import CancelJoint, RegisterJoint, cancel_joint, register_joint
from bot.usecases.joint.calling import CALL_JOINT, MOVE_JOINT, CallJoint, MoveJoint
from handlers.joint.modals import joint_review, move_joint_review
from handlers.meeting.submissions import read_meeting
from handlers.slack.requests import SubmissionRequest
from handlers.slack.review import ReviewedForm

CALL = ReviewedForm(
    CALL_JOINT,
    lambda request, metadata, reviewed: joint_review(
        request.words, metadata, reviewed.review, by_mail=request.services.by_mail
    ),
)
MOVE = ReviewedForm(
    MOVE_JOINT,
    lambda request, metadata, reviewed: move_joint_review(request.words, metadata, reviewed.review),
)


async def filled_in(request: SubmissionRequest) -> None:
    fields = request.fields
    plan = read_meeting(fields)
    command = CallJoint(request.metadata, fields.text("topic"), plan, fields.option("theme"))
    await CALL.review(request, command)


async def move_filled_in(request: SubmissionRequest) -> None:
    fields = request.fields
    command = MoveJoint(request.metadata, fields.text("topic"), read_meeting(fields))
    await MOVE.review(request, command)


async def cancelled(request: SubmissionRequest) -> None:
    await request.act_and_close(cancel_joint, CancelJoint(request.metadata))


async def registered(request: SubmissionRequest) -> None:
    command = RegisterJoint(request.metadata, request.fields.options("came"))
    await request.act_and_close(register_joint, command)

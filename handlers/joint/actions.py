"""The buttons on a joint meeting."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.joint.attending import (
    AnswerJoint,
    answer_joint,
    join_joint,
    see_register,
)
from bot.usecases.joint.calling import see_move
from bot.usecases.joint.view import enter_joint
from handlers.joint.modals import cancel_joint_form, move_joint_form, register_joint_form
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest


async def comes(request: ActionRequest) -> None:
    """Come to it."""
    await request.act(answer_joint, _answer(request, comes=True))


async def join(request: ActionRequest) -> None:
    """Come to it, without having been invited."""
    await request.act(join_joint, _answer(request, comes=True))
    await request.tell(request.words("joint.joined"))


async def stays_away(request: ActionRequest) -> None:
    """Stay away."""
    await request.act(answer_joint, _answer(request, comes=False))


async def move(request: ActionRequest) -> None:
    """Open the form that changes its time, place, topic or agenda."""
    found = await request.look(see_move, request.value)
    await request.open(move_joint_form(request.words, found))


async def cancel(request: ActionRequest) -> None:
    """Open the form that calls it off."""
    found = await request.look(enter_joint, Action.CANCEL_JOINT, request.value)
    await request.open(cancel_joint_form(request.words, found))


async def register(request: ActionRequest) -> None:
    """Open the form: who came."""
    found = await request.look(see_register, request.value)
    await request.open(register_joint_form(request.words, found))


def _answer(request: ActionRequest, *, comes: bool) -> AnswerJoint:
    joint_id, sequence = asked(request.value)
    return AnswerJoint(joint_id, comes, sequence)

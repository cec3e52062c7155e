"""The buttons on a joint meeting."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.joint.attending import AnswerJoint, answer_joint, see_register
from bot.usecases.joint.calling import see_move
from bot.usecases.joint.view import enter_joint
from handlers.joint.modals import cancel_joint_form, move_joint_form, register_joint_form
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest


async def comes(request: ActionRequest) -> None:
    """«Kommer»."""
    await request.act(answer_joint, _answer(request, comes=True))


async def stays_away(request: ActionRequest) -> None:
    """«Kommer ikke»."""
    await request.act(answer_joint, _answer(request, comes=False))


async def move(request: ActionRequest) -> None:
    """«Endre»: opens the form with the meeting as it stands."""
    found = await request.look(lambda uow, actor: see_move(uow, actor, request.value))
    await request.open(move_joint_form(request.words, found))


async def cancel(request: ActionRequest) -> None:
    """«Avlys»: opens the form."""
    found = await request.look(lambda uow, actor: enter_joint(uow, actor, Action.CANCEL_JOINT, request.value))
    await request.open(cancel_joint_form(request.words, found))


async def register(request: ActionRequest) -> None:
    """«Registrer hvem som kom»: opens the form."""
    found = await request.look(lambda uow, actor: see_register(uow, actor, request.value))
    await request.open(register_joint_form(request.words, found))


def _answer(request: ActionRequest, *, comes: bool) -> AnswerJoint:
    """A button from before meetings could be moved carries the meeting alone."""
    joint_id, sequence = asked(request.value)
    return AnswerJoint(joint_id, comes, sequence or 0)

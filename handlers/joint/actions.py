"""The buttons on a joint meeting."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.joint.attending import AnswerJoint, answer_joint, see_register
from bot.usecases.joint.calling import see_move
from bot.usecases.joint.view import enter_joint
from handlers.joint.modals import cancel_joint_form, move_joint_form, register_joint_form
from handlers.slack.payloads import asked
from handlers.slack.requests import Pressed


async def comes(pressed: Pressed) -> None:
    """«Kommer»."""
    await pressed.act(answer_joint, _answer(pressed, comes=True))


async def stays_away(pressed: Pressed) -> None:
    """«Kommer ikke»."""
    await pressed.act(answer_joint, _answer(pressed, comes=False))


async def move(pressed: Pressed) -> None:
    """«Endre»: opens the form with the meeting as it stands."""
    found = await pressed.look(lambda uow, actor: see_move(uow, actor, pressed.value))
    await pressed.open(move_joint_form(pressed.words, found))


async def cancel(pressed: Pressed) -> None:
    """«Avlys»: opens the form."""
    found = await pressed.look(lambda uow, actor: enter_joint(uow, actor, Action.CANCEL_JOINT, pressed.value))
    await pressed.open(cancel_joint_form(pressed.words, found))


async def register(pressed: Pressed) -> None:
    """«Registrer hvem som kom»: opens the form."""
    found = await pressed.look(lambda uow, actor: see_register(uow, actor, pressed.value))
    await pressed.open(register_joint_form(pressed.words, found))


def _answer(pressed: Pressed, *, comes: bool) -> AnswerJoint:
    """A button from before meetings could be moved carries the meeting alone."""
    joint_id, sequence = asked(pressed.value)
    return AnswerJoint(joint_id, comes, sequence or 0)

"""Joint meetings of all partners, outside every case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.joint import calling
from bot.usecases.joint.view import enter_joint
from handlers.joint import messages, modals, notifications, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opens, tap
from handlers.slack.vocabulary import Audience

JOINT = Subject(
    "joint",
    commands=(Command("joint", (Action.SEE_JOINT, Action.CALL_JOINT), Audience.CONTACT, requests.joint),),
    buttons=(
        Button(messages.JOINT_COMES, Action.ANSWER_JOINT, tap(calling.answer_joint, comes=True)),
        Button(messages.JOINT_JOIN, Action.JOIN_JOINT, requests.join),
        Button(messages.JOINT_STAYS_AWAY, Action.ANSWER_JOINT, tap(calling.answer_joint, comes=False)),
        Button(
            messages.JOINT_MOVE,
            Action.MOVE_JOINT,
            opens(calling.see_move, modals.move_joint_form, "Change its time, place, topic or agenda"),
        ),
        Button(
            messages.JOINT_CANCEL,
            Action.CANCEL_JOINT,
            opens(enter_joint, modals.cancel_joint_form, "Call it off", action=Action.CANCEL_JOINT),
        ),
        Button(
            messages.JOINT_REGISTER,
            Action.REGISTER_JOINT,
            opens(calling.see_register, modals.register_joint_form, "Say who came"),
        ),
    ),
    forms=(
        Form(modals.JOINT, Action.CALL_JOINT, requests.filled_in),
        Form(modals.JOINT_REVIEW, Action.CALL_JOINT, requests.CALL.send),
        Form(modals.JOINT_MOVE, Action.MOVE_JOINT, requests.move_filled_in),
        Form(modals.JOINT_MOVE_REVIEW, Action.MOVE_JOINT, requests.MOVE.send),
        Form(modals.JOINT_CANCEL, Action.CANCEL_JOINT, does(calling.cancel_joint)),
        Form(modals.JOINT_REGISTER, Action.REGISTER_JOINT, does(calling.register_joint)),
    ),
    notifications=notifications.NOTIFICATIONS,
)

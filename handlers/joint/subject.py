"""Joint meetings of all partners, outside every case."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.joint import actions, commands, messages, modals, notifications, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

JOINT = Subject(
    "joint",
    commands=(Command("joint", (Action.SEE_JOINT, Action.CALL_JOINT), Audience.CONTACT, commands.joint),),
    buttons=(
        Button(messages.JOINT_COMES, Action.ANSWER_JOINT, actions.comes),
        Button(messages.JOINT_JOIN, Action.JOIN_JOINT, actions.join),
        Button(messages.JOINT_STAYS_AWAY, Action.ANSWER_JOINT, actions.stays_away),
        Button(messages.JOINT_MOVE, Action.MOVE_JOINT, actions.move),
        Button(messages.JOINT_CANCEL, Action.CANCEL_JOINT, actions.cancel),
        Button(messages.JOINT_REGISTER, Action.REGISTER_JOINT, actions.register),
    ),
    forms=(
        Form(modals.JOINT, Action.CALL_JOINT, submissions.filled_in),
        Form(modals.JOINT_REVIEW, Action.CALL_JOINT, submissions.CALL.send),
        Form(modals.JOINT_MOVE, Action.MOVE_JOINT, submissions.move_filled_in),
        Form(modals.JOINT_MOVE_REVIEW, Action.MOVE_JOINT, submissions.MOVE.send),
        Form(modals.JOINT_CANCEL, Action.CANCEL_JOINT, submissions.cancelled),
        Form(modals.JOINT_REGISTER, Action.REGISTER_JOINT, submissions.registered),
    ),
    notifications=notifications.NOTIFICATIONS,
)

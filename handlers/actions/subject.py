"""Needs and actions of a case."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.actions import actions, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

ACTIONS = Subject(
    "actions",
    commands=(
        Command("actions", Action.SEE_ACTIONS, Audience.ROOM, commands.see_actions, more=Action.KEEP_NEEDS),
    ),
    buttons=(
        Button(messages.AGREE_ACTION, Action.SEE_ACTIONS, actions.agree),
        Button(messages.ACTIONS, Action.SEE_ACTIONS, actions.see_all),
        Button(messages.ACTION_DONE, Action.END_ACTION, actions.done),
        Button(messages.CHANGE_ACTION, Action.CHANGE_ACTION, actions.change),
        Button(messages.END_ACTION, Action.END_ACTION, actions.end),
        Button(messages.NEEDS, Action.KEEP_NEEDS, actions.needs),
        Button(messages.TAKE_NEED, Action.TAKE_NEED, actions.take),
    ),
    forms=(
        Form(modals.ACTION, Action.AGREE_ACTION, submissions.filled_in),
        Form(modals.ACTION_REVIEW, Action.AGREE_ACTION, submissions.AGREED.send),
        Form(modals.ACTIONS, (Action.END_ACTION, Action.CHANGE_ACTION), submissions.one_ended),
        Form(modals.CHANGE_ACTION, Action.CHANGE_ACTION, submissions.changed),
        Form(modals.CHANGE_ACTION_REVIEW, Action.CHANGE_ACTION, submissions.CHANGED.send),
        Form(modals.END_ACTION, Action.END_ACTION, submissions.ended),
        Form(modals.NEEDS, Action.KEEP_NEEDS, submissions.needs),
        Form(modals.OWNERS, Action.KEEP_NEEDS, submissions.owners),
        Form(modals.TAKE_NEED, Action.TAKE_NEED, submissions.taken),
    ),
    notifications=messages.NOTIFICATIONS,
)

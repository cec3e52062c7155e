"""Needs and actions of a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.actions import CaseAction, Outcome
from bot.usecases.actions import end_action, see_changeable, see_endable, take_need
from bot.usecases.authorization import enter_case, enter_lasting
from handlers.actions import messages, modals, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opens, tap
from handlers.slack.vocabulary import Audience, Group, Place

ACTIONS = Subject(
    "actions",
    commands=(
        Command(
            "actions",
            Action.SEE_ACTIONS,
            Audience.ROOM,
            requests.see_actions,
            more=Action.KEEP_NEEDS,
        ),
    ),
    buttons=(
        Button(messages.AGREE_ACTION, Action.SEE_ACTIONS, requests.agree),
        Button(
            messages.ACTIONS,
            Action.SEE_ACTIONS,
            opens(see_endable, modals.actions_form, "All open actions; ends or changes one"),
            place=Place("press.actions"),
        ),
        Button(messages.ACTION_DONE, Action.END_ACTION, tap(end_action, outcome=Outcome.DONE)),
        Button(
            messages.CHANGE_ACTION,
            Action.CHANGE_ACTION,
            opens(see_changeable, modals.change_form, "Another owner, another day"),
        ),
        Button(
            messages.END_ACTION,
            Action.END_ACTION,
            opens(
                enter_lasting,
                modals.end_form,
                "How the action ended",
                action=Action.END_ACTION,
                kind=CaseAction,
            ),
        ),
        Button(
            messages.NEEDS,
            Action.KEEP_NEEDS,
            opens(
                enter_case,
                modals.needs_form,
                "Which needs the case has, and whose",
                action=Action.KEEP_NEEDS,
            ),
            place=Place("press.needs"),
        ),
        Button(messages.TAKE_NEED, Action.TAKE_NEED, requests.take),
    ),
    forms=(
        Form(modals.ACTION, Action.AGREE_ACTION, requests.filled_in),
        Form(modals.ACTION_REVIEW, Action.AGREE_ACTION, requests.AGREED.send),
        Form(modals.ACTIONS, (Action.END_ACTION, Action.CHANGE_ACTION), requests.one_ended),
        Form(modals.CHANGE_ACTION, Action.CHANGE_ACTION, requests.changed),
        Form(modals.CHANGE_ACTION_REVIEW, Action.CHANGE_ACTION, requests.CHANGED.send),
        Form(modals.END_ACTION, Action.END_ACTION, does(end_action)),
        Form(modals.NEEDS, Action.KEEP_NEEDS, requests.needs),
        Form(modals.OWNERS, Action.KEEP_NEEDS, requests.owners),
        Form(modals.TAKE_NEED, Action.TAKE_NEED, does(take_need)),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)

"""Needs and actions of a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.actions import CaseAction
from bot.domain.case.entities import Case
from bot.usecases.actions import end_action, see_changeable
from handlers.actions import messages, modals, requests
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.vocabulary import Command, Group, Place

ACTIONS = Subject(
    verbs=(
        Command("actions", Action.SEE_ACTIONS, requests.see_actions),
        Button(messages.AGREE_ACTION, Action.SEE_ACTIONS, requests.agree),
        Verb(Action.AGREE_ACTION, modals.agree_form, requests.agreed),
        Button(messages.ACTIONS, Action.SEE_ACTIONS, requests.list_all, Place("press.actions")),
        Button(messages.ACTION_DONE, Action.END_ACTION, requests.done),
        Verb(
            Action.CHANGE_ACTION, modals.change_form, requests.changed, see_changeable, messages.CHANGE_ACTION
        ),
        Verb(Action.END_ACTION, modals.end_form, end_action, CaseAction, messages.END_ACTION),
        Verb(
            Action.KEEP_NEEDS,
            modals.needs_form,
            requests.needs,
            Case,
            messages.NEEDS,
            place=Place("press.needs"),
        ),
        Verb(Action.KEEP_NEEDS, modals.owners_form, requests.owners),
        Button(messages.TAKE_NEED, (Action.TAKE_NEED, Action.AGREE_ACTION), requests.take),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)

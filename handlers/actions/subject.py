"""Needs and actions of a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.actions import CaseAction, Outcome
from bot.domain.case.entities import Case
from bot.usecases.actions import agree_action, change_action, end_action, keep_needs
from handlers.actions import messages, modals, requests
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Command, Group, Place

ACTIONS = Subject(
    verbs=(
        Command("actions", Action.SEE_ACTIONS, requests.see_actions),
        Button(messages.AGREE_ACTION, Action.SEE_ACTIONS, requests.agree),
        Verb(Action.AGREE_ACTION, modals.agree_form, agree_action, says=modals.agreed_notice),
        Verb(
            Action.SEE_ACTIONS,
            modals.actions_form,
            None,
            Case,
            messages.ACTIONS,
            place=Place("press.actions"),
        ),
        Button(messages.ACTION_DONE, Action.END_ACTION, tap(end_action, outcome=Outcome.DONE)),
        Verb(
            Action.CHANGE_ACTION,
            modals.change_form,
            change_action,
            CaseAction,
            messages.CHANGE_ACTION,
            says=modals.agreed_text,
        ),
        Verb(Action.END_ACTION, modals.end_form, end_action, CaseAction, messages.END_ACTION),
        Verb(
            Action.KEEP_NEEDS,
            modals.needs_form,
            keep_needs,
            Case,
            messages.NEEDS,
            place=Place("press.needs"),
            says=modals.after_needs,
        ),
        Verb(Action.KEEP_NEEDS, modals.owners_form, requests.owners),
        Button(messages.TAKE_NEED, (Action.TAKE_NEED, Action.AGREE_ACTION), requests.take),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)

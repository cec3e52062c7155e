"""Placements, reflection periods and deadlines of a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.usecases.dates import (
    SET_REFLECTION,
    START_PLACEMENT,
    end_deadline,
    end_placement,
    see_placement,
    set_own_deadline,
)
from handlers.dates import messages, modals
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Group

_DEADLINE = (Action.KEEP_REFLECTION, Action.KEEP_OWN_DEADLINE)

DATES = Subject(
    verbs=(
        Verb(Action.SEE_ACTIONS, modals.dates_form, None, Case, word="deadline"),
        Verb(
            Action.KEEP_PLACEMENT,
            modals.placement_form,
            ReviewedForm(
                START_PLACEMENT,
                modals.placement_review,
                about=("case_id", "extends"),
            ),
            see_placement,
            messages.PLACEMENT,
        ),
        Button(messages.END_PLACEMENT, Action.KEEP_PLACEMENT, tap(end_placement)),
        Button(messages.END_DEADLINE, _DEADLINE, tap(end_deadline)),
        Verb(
            Action.SEE_ACTIONS,
            modals.own_deadline_form,
            set_own_deadline,
            Case,
            modals.NEW_DEADLINE,
            submit=Action.KEEP_OWN_DEADLINE,
            says=modals.due_text,
        ),
        Verb(
            Action.KEEP_REFLECTION,
            modals.reflection_form,
            ReviewedForm(SET_REFLECTION, modals.reflection_review),
            Case,
            modals.NEW_REFLECTION,
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)

"""Placements, reflection periods and deadlines of a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.dates import Placement
from bot.domain.case.entities import Case
from bot.usecases.dates import end_deadline
from handlers.dates import messages, modals, requests
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Group

_DEADLINE = (Action.KEEP_REFLECTION, Action.KEEP_OWN_DEADLINE)

DATES = Subject(
    verbs=(
        Verb(
            Action.SEE_ACTIONS,
            modals.choose_form,
            requests.chosen,
            Case,
            word="deadline",
            submit=(Action.KEEP_PLACEMENT, *_DEADLINE),
        ),
        Button(messages.PLAN_MEETING, Action.CALL_MEETING, requests.plan_meeting),
        Verb(Action.KEEP_PLACEMENT, modals.placement_form, requests.PLACEMENT),
        Verb(
            Action.KEEP_PLACEMENT,
            modals.end_placement_form,
            requests.placement_ended,
            Placement,
            messages.END_PLACEMENT,
        ),
        Button(messages.END_DEADLINE, _DEADLINE, tap(end_deadline)),
        Verb(Action.KEEP_OWN_DEADLINE, modals.own_deadline_form, requests.own_deadline),
        Verb(Action.KEEP_REFLECTION, modals.reflection_form, requests.REFLECTION),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)

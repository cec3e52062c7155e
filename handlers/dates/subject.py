"""Placements, reflection periods and deadlines of a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.dates import end_deadline, see_ending
from handlers.dates import messages, modals, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import opens, tap
from handlers.slack.vocabulary import Audience, Group

_DEADLINE = (Action.KEEP_REFLECTION, Action.KEEP_OWN_DEADLINE)

DATES = Subject(
    "dates",
    commands=(
        Command("deadline", Action.SEE_ACTIONS, Audience.ROOM, requests.set_date, more=Action.KEEP_PLACEMENT),
    ),
    buttons=(
        Button(messages.PLAN_MEETING, Action.CALL_MEETING, requests.plan_meeting),
        Button(
            messages.END_PLACEMENT,
            Action.KEEP_PLACEMENT,
            opens(see_ending, modals.end_placement_form, "What comes after a placement"),
        ),
        Button(messages.END_DEADLINE, _DEADLINE, tap(end_deadline)),
    ),
    forms=(
        Form(modals.CHOOSE_DATE, (Action.KEEP_PLACEMENT, *_DEADLINE), requests.chosen),
        Form(modals.PLACEMENT, Action.KEEP_PLACEMENT, requests.placement_filled_in),
        Form(modals.PLACEMENT_REVIEW, Action.KEEP_PLACEMENT, requests.PLACEMENT.send),
        Form(modals.END_PLACEMENT, Action.KEEP_PLACEMENT, requests.placement_ended),
        Form(modals.DEADLINE, _DEADLINE, requests.deadline_filled_in),
        Form(modals.DEADLINE_REVIEW, _DEADLINE, requests.DEADLINE.send),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.WORK,
)

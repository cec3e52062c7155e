"""Placements, reflection periods and deadlines of a case."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.dates import actions, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

_DEADLINE = (Action.KEEP_REFLECTION, Action.KEEP_OWN_DEADLINE)

DATES = Subject(
    "dates",
    commands=(
        Command("deadline", Action.SEE_ACTIONS, Audience.ROOM, commands.set_date, more=Action.KEEP_PLACEMENT),
    ),
    buttons=(
        Button(messages.PLAN_MEETING, Action.CALL_MEETING, actions.plan_meeting),
        Button(messages.END_PLACEMENT, Action.KEEP_PLACEMENT, actions.end_placement),
        Button(messages.END_DEADLINE, _DEADLINE, actions.end_one),
    ),
    forms=(
        Form(modals.CHOOSE_DATE, (Action.KEEP_PLACEMENT, *_DEADLINE), submissions.chosen),
        Form(modals.PLACEMENT, Action.KEEP_PLACEMENT, submissions.placement_filled_in),
        Form(modals.PLACEMENT_REVIEW, Action.KEEP_PLACEMENT, submissions.PLACEMENT.send),
        Form(modals.END_PLACEMENT, Action.KEEP_PLACEMENT, submissions.placement_ended),
        Form(modals.DEADLINE, _DEADLINE, submissions.deadline_filled_in),
        Form(modals.DEADLINE_REVIEW, _DEADLINE, submissions.DEADLINE.send),
    ),
    notifications=messages.NOTIFICATIONS,
)

"""What follows when nobody answers: the agency's leader says who comes."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.escalation import actions, messages, modals, submissions
from handlers.slack.declarations import Button, Form, Subject

ESCALATION = Subject(
    "escalation",
    buttons=(Button(messages.NAME_ATTENDEE, Action.NAME_ATTENDEE, actions.name_attendee),),
    forms=(Form(modals.NAME_ATTENDEE, Action.NAME_ATTENDEE, submissions.attendee),),
    notifications=messages.NOTIFICATIONS,
)

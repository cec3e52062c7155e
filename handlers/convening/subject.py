"""Requests that TOT convenes, outside every case."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.convening import actions, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

CONVENING = Subject(
    "convening",
    commands=(Command("convene", Action.ASK_TO_CONVENE, Audience.ANYONE, commands.ask_to_convene),),
    buttons=(Button(messages.DECLINE_CONVENING, Action.DECIDE_CONVENING, actions.decline_convening),),
    forms=(
        Form(modals.ASK_TO_CONVENE, Action.ASK_TO_CONVENE, submissions.convening_asked),
        Form(modals.DECLINE_CONVENING, Action.DECIDE_CONVENING, submissions.convening_declined),
    ),
    notifications=messages.NOTIFICATIONS,
)

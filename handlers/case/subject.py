"""The case itself: opened."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.case import actions, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

CASE = Subject(
    "case",
    commands=(Command("case", Action.OPEN_CASE, Audience.COORDINATOR, commands.open_case),),
    buttons=(
        Button(messages.OPEN_CASE, Action.OPEN_CASE, actions.open_case),
        Button(messages.OPEN_CASE_FROM, Action.OPEN_CASE, actions.open_case_from),
    ),
    forms=(
        Form(modals.OPEN_CASE, Action.OPEN_CASE, submissions.filled_in),
        Form(modals.OPEN_CASE_REVIEW, Action.OPEN_CASE, submissions.sent),
    ),
)

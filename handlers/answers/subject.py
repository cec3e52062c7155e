"""Answers of those who are asked to a meeting."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.answers import actions, calls, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

ANSWERS = Subject(
    "answers",
    commands=(Command("calls", Action.ANSWER_ON_BEHALF, Audience.ROOM, commands.ring),),
    buttons=(
        Button(messages.CONFIRM, Action.ANSWER_SUMMONS, actions.confirm),
        Button(messages.DECLINE, Action.ANSWER_SUMMONS, actions.decline),
        Button(calls.RECORD_ANSWER, Action.ANSWER_ON_BEHALF, actions.record_answer),
        Button(modals.CALLS_OF, Action.ANSWER_ON_BEHALF, commands.of_case),
    ),
    forms=(
        Form(modals.DECLINE, Action.ANSWER_SUMMONS, submissions.decline),
        Form(modals.RECORD_ANSWER, Action.ANSWER_ON_BEHALF, submissions.answer),
    ),
    notifications=(*messages.NOTIFICATIONS, *calls.NOTIFICATIONS),
)

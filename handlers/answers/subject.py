"""Answers of people who are asked to a meeting."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.answers import confirm_attendance, decline, see_ask
from handlers.answers import calls, messages, modals, requests
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Command, Group

ANSWERS = Subject(
    verbs=(
        Command("calls", Action.ANSWER_ON_BEHALF, requests.ring),
        Button(messages.CONFIRM, Action.ANSWER_SUMMONS, tap(confirm_attendance)),
        Verb(Action.ANSWER_SUMMONS, modals.decline_form, decline, see_ask, messages.DECLINE),
        Verb(
            Action.ANSWER_ON_BEHALF,
            modals.record_answer_form,
            requests.answer,
            requests.open_record,
            calls.RECORD_ANSWER,
            submit=(Action.ANSWER_ON_BEHALF, Action.ACKNOWLEDGE_ON_BEHALF),
        ),
    ),
    notifications=(*messages.NOTIFICATIONS, *calls.NOTIFICATIONS),
    group=Group.MEETING,
)

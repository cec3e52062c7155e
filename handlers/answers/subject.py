"""Answers of those who are asked to a meeting."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.answers import confirm_attendance, decline, see_deputies
from handlers.answers import calls, messages, modals, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opens, tap
from handlers.slack.vocabulary import Audience, Group

ANSWERS = Subject(
    "answers",
    commands=(Command("calls", Action.ANSWER_ON_BEHALF, Audience.ROOM, requests.ring),),
    buttons=(
        Button(messages.CONFIRM, Action.ANSWER_SUMMONS, tap(confirm_attendance)),
        Button(
            messages.DECLINE,
            Action.ANSWER_SUMMONS,
            opens(see_deputies, modals.decline_form, "Melde forfall"),
        ),
        Button(calls.RECORD_ANSWER, Action.ANSWER_ON_BEHALF, requests.open_record),
        Button(modals.CALLS_OF, Action.ANSWER_ON_BEHALF, requests.of_case),
    ),
    forms=(
        Form(modals.DECLINE, Action.ANSWER_SUMMONS, does(decline)),
        Form(modals.RECORD_ANSWER, Action.ANSWER_ON_BEHALF, requests.answer),
    ),
    notifications=(*messages.NOTIFICATIONS, *calls.NOTIFICATIONS),
    group=Group.MEETING,
)

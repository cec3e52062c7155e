"""Several times for one meeting, instead of one: proposed, answered, one of them called."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.polls import TimeReply
from bot.usecases.polls import answer_none, answer_time, call_time, enter_poll, record_times, withdraw_times
from handlers.polls import messages, modals, requests
from handlers.slack.declarations import Button, Form, Subject
from handlers.slack.verbs import does, opens, tap

POLLS = Subject(
    "polls",
    buttons=(
        Button(messages.TIME_SUITS, Action.ANSWER_TIMES, tap(answer_time, reply=TimeReply.SUITS)),
        Button(
            messages.TIME_WITH_DEPUTY,
            Action.ANSWER_TIMES,
            tap(answer_time, reply=TimeReply.WITH_DEPUTY),
        ),
        Button(messages.TIME_NOT, Action.ANSWER_TIMES, tap(answer_time, reply=TimeReply.NOT)),
        Button(messages.NO_TIME, Action.ANSWER_TIMES, tap(answer_none)),
        Button(
            messages.CALL_TIME,
            (Action.CALL_MEETING, Action.MOVE_MEETING, Action.POSTPONE_MEETING),
            tap(call_time),
        ),
        Button(
            messages.RECORD_TIMES,
            Action.ANSWER_ON_BEHALF,
            opens(
                enter_poll,
                modals.record_times_form,
                "Record which times suit an agency that was asked outside Slack",
                action=Action.ANSWER_ON_BEHALF,
            ),
        ),
        Button(messages.WITHDRAW_TIMES, Action.PROPOSE_TIMES, tap(withdraw_times)),
    ),
    forms=(
        Form(modals.TIMES_REVIEW, Action.PROPOSE_TIMES, requests.PROPOSE.send),
        Form(modals.RECORD_TIMES_FORM, Action.ANSWER_ON_BEHALF, does(record_times)),
    ),
    notifications=messages.NOTIFICATIONS,
)

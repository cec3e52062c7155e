"""A poll of several times for one meeting: proposed, answered, one of them called."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.polls import answer_time, call_time, enter_poll, record_times, withdraw_times
from handlers.polls import messages, modals
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap

POLLS = Subject(
    verbs=(
        Button(messages.TIME_SUITS, Action.ANSWER_TIMES, tap(answer_time, suits=True)),
        Button(messages.TIME_NOT, Action.ANSWER_TIMES, tap(answer_time, suits=False)),
        Button(messages.NO_TIME, Action.ANSWER_TIMES, tap(answer_time)),
        Button(
            messages.CALL_TIME,
            (Action.CALL_MEETING, Action.MOVE_MEETING, Action.POSTPONE_MEETING),
            tap(call_time),
        ),
        Verb(
            Action.ANSWER_ON_BEHALF, modals.record_times_form, record_times, enter_poll, messages.RECORD_TIMES
        ),
        Button(messages.WITHDRAW_TIMES, Action.PROPOSE_TIMES, tap(withdraw_times)),
    ),
    notifications=messages.NOTIFICATIONS,
)

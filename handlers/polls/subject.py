"""Several times for one meeting, instead of one: proposed, answered, one of them called."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.polls import actions, messages, modals, submissions
from handlers.slack.declarations import Button, Form, Subject

POLLS = Subject(
    "polls",
    buttons=(
        Button(messages.TIME_SUITS, Action.ANSWER_TIMES, actions.suits),
        Button(messages.TIME_WITH_DEPUTY, Action.ANSWER_TIMES, actions.with_deputy),
        Button(messages.TIME_NOT, Action.ANSWER_TIMES, actions.does_not),
        Button(messages.NO_TIME, Action.ANSWER_TIMES, actions.none_suits),
        Button(
            messages.CALL_TIME,
            (Action.CALL_MEETING, Action.MOVE_MEETING, Action.POSTPONE_MEETING),
            actions.call,
        ),
        Button(messages.RECORD_TIMES, Action.ANSWER_ON_BEHALF, actions.record),
        Button(messages.WITHDRAW_TIMES, Action.PROPOSE_TIMES, actions.withdraw),
    ),
    forms=(
        Form(modals.TIMES_REVIEW, Action.PROPOSE_TIMES, submissions.PROPOSE.send),
        Form(modals.RECORD_TIMES_FORM, Action.ANSWER_ON_BEHALF, submissions.recorded),
    ),
    notifications=messages.NOTIFICATIONS,
)

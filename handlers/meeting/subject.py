"""Meetings of a case: called, moved, called off."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.usecases.meeting import cancel_meeting, enter_move, see_movable
from handlers.meeting import messages, modals, requests
from handlers.polls.modals import times_review
from handlers.slack.declarations import Form, Subject, Verb
from handlers.slack.vocabulary import Group

MEETING = Subject(
    verbs=(
        Verb(
            Action.CALL_MEETING,
            modals.call_form,
            requests.filled_in,
            Case,
            messages.NEXT_MEETING,
            word="meeting",
            submit=(Action.CALL_MEETING, Action.PROPOSE_TIMES),
        ),
        Form(
            modals.meeting_review.id,
            (Action.CALL_MEETING, Action.MOVE_MEETING, Action.POSTPONE_MEETING),
            requests.CALLING.send,
        ),
        Form(times_review.id, Action.PROPOSE_TIMES, requests.PROPOSING.send),
        Verb(
            (Action.MOVE_MEETING, Action.POSTPONE_MEETING),
            modals.move_form,
            requests.filled_in,
            enter_move,
            messages.POSTPONE,
            word="move",
            among=(see_movable, modals.choose_meeting),
            submit=(Action.MOVE_MEETING, Action.POSTPONE_MEETING, Action.PROPOSE_TIMES),
        ),
        Verb(
            Action.CANCEL_MEETING,
            modals.cancel_form,
            cancel_meeting,
            see_movable,
            word="cancel",
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.MEETING,
)

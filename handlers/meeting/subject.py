"""Meetings of a case: called, moved, called off."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.meeting import see_movable
from handlers.meeting import messages, modals, requests
from handlers.slack.declarations import Form, Subject, Verb
from handlers.slack.vocabulary import Audience, Group, Word

MEETING = Subject(
    "meeting",
    verbs=(
        Verb(
            Action.CALL_MEETING,
            modals.call_form,
            requests.call_filled_in,
            requests.next_meeting,
            messages.NEXT_MEETING,
            word=Word("meeting", Audience.ROOM),
            typed=requests.call,
            submit=(Action.CALL_MEETING, Action.PROPOSE_TIMES),
        ),
        Form(modals.MEETING_REVIEW, Action.CALL_MEETING, requests.CALLING.send),
        Form(modals.choose_meeting.id, Action.MOVE_MEETING, requests.meeting),
        Verb(
            Action.MOVE_MEETING,
            modals.move_form,
            requests.move_filled_in,
            word=Word("move", Audience.ROOM),
            typed=requests.move,
            submit=(Action.MOVE_MEETING, Action.POSTPONE_MEETING, Action.PROPOSE_TIMES),
        ),
        Form(modals.MOVE_REVIEW, (Action.MOVE_MEETING, Action.POSTPONE_MEETING), requests.MOVING.send),
        Verb(
            Action.CANCEL_MEETING,
            modals.cancel_form,
            requests.cancelled,
            see_movable,
            word=Word("cancel", Audience.ROOM),
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.MEETING,
)

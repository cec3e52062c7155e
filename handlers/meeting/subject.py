"""Meetings of a case: called, moved, called off."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.meeting import messages, modals, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience, Group

MEETING = Subject(
    "meeting",
    commands=(
        Command("meeting", Action.CALL_MEETING, Audience.ROOM, requests.call),
        Command("move", Action.MOVE_MEETING, Audience.ROOM, requests.move),
        Command("cancel", Action.CANCEL_MEETING, Audience.ROOM, requests.cancel, ends=True),
    ),
    buttons=(
        Button(messages.NEXT_MEETING, Action.CALL_MEETING, requests.next_meeting),
        Button(messages.PROPOSED_MEETING, Action.CALL_MEETING, requests.proposed_meeting),
    ),
    forms=(
        Form(modals.MEETING, (Action.CALL_MEETING, Action.PROPOSE_TIMES), requests.call_filled_in),
        Form(modals.MEETING_REVIEW, Action.CALL_MEETING, requests.REVIEW.send),
        Form(modals.CHOOSE_MEETING, Action.MOVE_MEETING, requests.meeting),
        Form(
            modals.MOVE,
            (Action.MOVE_MEETING, Action.POSTPONE_MEETING, Action.PROPOSE_TIMES),
            requests.move_filled_in,
        ),
        Form(modals.MOVE_REVIEW, (Action.MOVE_MEETING, Action.POSTPONE_MEETING), requests.REVIEW.send),
        Form(modals.CANCEL, Action.CANCEL_MEETING, requests.cancelled),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.MEETING,
)

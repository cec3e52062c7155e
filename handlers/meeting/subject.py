"""Meetings of a case: called, moved, called off."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.meeting import actions, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

MEETING = Subject(
    "meeting",
    commands=(
        Command("meeting", Action.CALL_MEETING, Audience.ROOM, commands.call_meeting),
        Command("move", Action.MOVE_MEETING, Audience.ROOM, commands.move_meeting),
        Command("cancel", Action.CANCEL_MEETING, Audience.ROOM, commands.cancel_meeting, ends=True),
    ),
    buttons=(
        Button(messages.NEXT_MEETING, Action.CALL_MEETING, actions.next_meeting),
        Button(messages.PROPOSED_MEETING, Action.CALL_MEETING, actions.proposed_meeting),
    ),
    forms=(
        Form(modals.MEETING, (Action.CALL_MEETING, Action.PROPOSE_TIMES), submissions.call_filled_in),
        Form(modals.MEETING_REVIEW, Action.CALL_MEETING, submissions.CALL.send),
        Form(modals.CHOOSE_MEETING, Action.MOVE_MEETING, submissions.meeting),
        Form(
            modals.MOVE,
            (Action.MOVE_MEETING, Action.POSTPONE_MEETING, Action.PROPOSE_TIMES),
            submissions.move_filled_in,
        ),
        Form(modals.MOVE_REVIEW, (Action.MOVE_MEETING, Action.POSTPONE_MEETING), submissions.MOVE.send),
        Form(modals.CANCEL, Action.CANCEL_MEETING, submissions.cancelled),
    ),
    notifications=messages.NOTIFICATIONS,
)

"""The phases of a case, its pauses, and its end."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.lifecycle import actions, commands, messages, modals, purge, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

LIFECYCLE = Subject(
    "lifecycle",
    commands=(
        Command("phase", Action.CHANGE_PHASE, Audience.ROOM, commands.change_phase),
        Command("wait", Action.WAIT, Audience.ROOM, commands.pause_case),
        Command("close", Action.CLOSE_CASE, Audience.ROOM, commands.close_case, ends=True),
    ),
    buttons=(Button(messages.WAIT, Action.WAIT, actions.wait),),
    forms=(
        Form(modals.PHASE, Action.CHANGE_PHASE, submissions.phase),
        Form(modals.WAIT, Action.WAIT, submissions.waits),
        Form(modals.CLOSE, (Action.CLOSE_CASE, Action.CLOSE_PERSON), submissions.close),
    ),
    notifications=(*messages.NOTIFICATIONS, purge.PURGE),
)

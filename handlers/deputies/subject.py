"""Who comes in place of the one asked, and who takes a seat over."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.deputies import actions, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

DEPUTIES = Subject(
    "deputies",
    commands=(
        Command("deputy", Action.NAME_DEPUTY, Audience.CONTACT, commands.name_deputy),
        Command("hand-over", Action.HAND_OVER, Audience.CONTACT, commands.hand_over),
    ),
    buttons=(
        Button(messages.NAME_DEPUTY, Action.NAME_DEPUTY, actions.name),
        Button(messages.APPROVE_DEPUTY, Action.APPROVE_DEPUTY, actions.approve),
        Button(messages.REFUSE_DEPUTY, Action.APPROVE_DEPUTY, actions.refuse),
    ),
    forms=(
        Form(modals.CHOOSE_ASK, Action.NAME_DEPUTY, submissions.chosen_ask),
        Form(modals.NAME_DEPUTY, Action.NAME_DEPUTY, submissions.named),
        Form(modals.REFUSE_DEPUTY, Action.APPROVE_DEPUTY, submissions.refused),
        Form(modals.CHOOSE_SEAT, Action.HAND_OVER, submissions.chosen_seat),
        Form(modals.HAND_OVER, Action.HAND_OVER, submissions.handed_over),
    ),
    notifications=messages.NOTIFICATIONS,
)

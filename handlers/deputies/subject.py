"""Deputies in place of the one asked, and successors in a seat."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases import deputies
from handlers.deputies import messages, modals, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opens, tap
from handlers.slack.vocabulary import Audience, Group

DEPUTIES = Subject(
    "deputies",
    commands=(
        Command("deputy", Action.NAME_DEPUTY, Audience.CONTACT, requests.name_deputy),
        Command("hand-over", Action.HAND_OVER, Audience.CONTACT, requests.hand_over),
    ),
    buttons=(
        Button(
            messages.NAME_DEPUTY,
            Action.NAME_DEPUTY,
            opens(deputies.see_naming, modals.deputy_form, "Name a deputy"),
        ),
        Button(messages.APPROVE_DEPUTY, Action.APPROVE_DEPUTY, tap(deputies.approve_deputy)),
        Button(
            messages.REFUSE_DEPUTY,
            Action.APPROVE_DEPUTY,
            opens(deputies.see_decision, modals.refuse_form, "Refuse a deputy, with the reason"),
        ),
    ),
    forms=(
        Form(modals.CHOOSE_ASK, Action.NAME_DEPUTY, requests.chosen_ask),
        Form(modals.NAME_DEPUTY, Action.NAME_DEPUTY, does(deputies.name_deputy)),
        Form(modals.REFUSE_DEPUTY, Action.APPROVE_DEPUTY, does(deputies.refuse_deputy)),
        Form(modals.CHOOSE_SEAT, Action.HAND_OVER, requests.chosen_seat),
        Form(modals.HAND_OVER, Action.HAND_OVER, does(deputies.hand_over)),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.AGENCIES,
)

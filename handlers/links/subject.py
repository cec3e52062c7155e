"""Cases that belong together, a person split off, liaisons."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.links import link_cases
from handlers.links import messages, modals, requests
from handlers.slack.declarations import Command, Form, Subject
from handlers.slack.verbs import does
from handlers.slack.vocabulary import Audience, Group

LINKS = Subject(
    "links",
    commands=(Command("link", Action.LINK_CASES, Audience.ROOM, requests.link_cases, late=1),),
    forms=(
        Form(
            modals.LINK_MENU,
            (
                Action.LINK_CASES,
                Action.UNLINK_CASES,
                Action.NAME_LIAISON,
                Action.END_LIAISON,
                Action.SPLIT_OFF,
            ),
            requests.chosen,
        ),
        Form(modals.LINK, Action.LINK_CASES, does(link_cases)),
        Form(modals.LIAISON, Action.NAME_LIAISON, requests.liaison),
        Form(modals.SPLIT, Action.SPLIT_OFF, requests.split_filled_in),
        Form(modals.SPLIT_REVIEW, Action.SPLIT_OFF, requests.SPLIT.send),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.CASE,
)

"""Cases that belong together, a person split off, liaisons."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.links import commands, messages, modals, submissions
from handlers.slack.declarations import Command, Form, Subject
from handlers.slack.vocabulary import Audience

LINKS = Subject(
    "links",
    commands=(Command("link", Action.LINK_CASES, Audience.ROOM, commands.link_cases),),
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
            submissions.chosen,
        ),
        Form(modals.LINK, Action.LINK_CASES, submissions.linked),
        Form(modals.LIAISON, Action.NAME_LIAISON, submissions.liaison),
        Form(modals.SPLIT, Action.SPLIT_OFF, submissions.split_filled_in),
        Form(modals.SPLIT_REVIEW, Action.SPLIT_OFF, submissions.SPLIT.send),
    ),
    notifications=messages.NOTIFICATIONS,
)

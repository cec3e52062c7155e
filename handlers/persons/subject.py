"""The persons of a case."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.persons import commands, messages, modals, submissions
from handlers.slack.declarations import Command, Form, Subject
from handlers.slack.vocabulary import Audience

PERSONS = Subject(
    "persons",
    commands=(Command("person", Action.ADD_PERSONS, Audience.ROOM, commands.add_persons),),
    forms=(Form(modals.ADD_PERSONS, Action.ADD_PERSONS, submissions.added),),
    notifications=messages.NOTIFICATIONS,
)

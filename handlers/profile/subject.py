"""A person's own: their language, and what the log says of them."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.profile import actions, commands, messages, modals, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

PROFILE = Subject(
    "profile",
    commands=(
        Command("access", Action.SEE_OWN_LOG, Audience.ANYONE, commands.see_own_log),
        Command("language", Action.SET_LANGUAGE, Audience.ANYONE, commands.change_language),
    ),
    buttons=(Button(messages.LANGUAGE, Action.SET_LANGUAGE, actions.language),),
    forms=(Form(modals.LANGUAGE, Action.SET_LANGUAGE, submissions.language),),
)

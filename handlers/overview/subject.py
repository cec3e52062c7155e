"""The overview: help, Home, «Valg»."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.involvement.messages import CHOICES, INVOLVEMENT
from handlers.overview import choices, home, notifications, requests
from handlers.slack.declarations import Button, Subject
from handlers.slack.resume import RESUME
from handlers.slack.vocabulary import Command

OVERVIEW = Subject(
    verbs=(
        Command("help", Action.SEE_HELP, requests.help),
        Button(home.HELP, Action.SEE_HELP, requests.help_by_button),
        Button(CHOICES, Action.SEE_ROOM, choices.see),
        Button(choices.MORE_CHOICES, Action.SEE_ROOM, choices.more),
        Button(INVOLVEMENT, (Action.CHANGE_INVOLVEMENT, Action.ANSWER_ON_BEHALF), choices.agency),
        Button(RESUME, Action.SEE_OWN_ASKS, requests.resume),
    ),
    notifications=notifications.NOTIFICATIONS,
)

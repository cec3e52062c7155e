"""A case is opened."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.case import acute, modals, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

CASE = Subject(
    "case",
    commands=(Command("case", Action.OPEN_CASE, Audience.COORDINATOR, requests.open_case),),
    buttons=(
        Button(modals.OPEN_CASE_BUTTON, Action.OPEN_CASE, requests.open_case_by_button),
        Button(acute.ACUTE_BUTTON, Action.OPEN_CASE, requests.acute),
        Button(acute.ACUTE_MORE, Action.OPEN_CASE, requests.acute_more),
        Button(modals.ASK_OTHER, Action.OPEN_CASE, requests.ask_other),
        Button(modals.OPEN_CASE_FROM, Action.OPEN_CASE, requests.open_case_from),
    ),
    forms=(
        Form(modals.OPEN_CASE_FORM, Action.OPEN_CASE, requests.filled_in),
        Form(acute.ACUTE, Action.OPEN_CASE, requests.acute_filled_in),
        Form(modals.ASK_OTHER_FORM, Action.OPEN_CASE, requests.OPENING.chosen),
        Form(modals.OPEN_CASE_REVIEW, Action.OPEN_CASE, requests.OPENING.send),
    ),
)

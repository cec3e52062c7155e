"""Opening a case."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.case import acute, modals, requests
from handlers.slack.declarations import Button, Form, Subject, Verb
from handlers.slack.vocabulary import Audience, Word

CASE = Subject(
    "case",
    verbs=(
        Verb(
            Action.OPEN_CASE,
            modals.open_case_form,
            requests.OPENING,
            requests.open_case_by_button,
            modals.OPEN_CASE_BUTTON,
            word=Word("case", Audience.COORDINATOR),
            typed=requests.open_case,
        ),
        Button(acute.ACUTE_BUTTON, Action.OPEN_CASE, requests.acute),
        Button(acute.ACUTE_MORE, Action.OPEN_CASE, requests.acute_more),
        Form(acute.ACUTE, Action.OPEN_CASE, requests.ACUTE_OPENING.filled_in),
        Button(modals.OPEN_CASE_FROM, Action.OPEN_CASE, requests.open_case_from),
    ),
)

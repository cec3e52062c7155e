"""Opening a case."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.case import modals, requests
from handlers.slack.declarations import Button, Form, Subject, Verb

CASE = Subject(
    verbs=(
        Verb(
            Action.OPEN_CASE,
            modals.open_case_form,
            requests.OPENING,
            requests.OPENER,
            word="case",
        ),
        Button(modals.ACUTE_BUTTON, Action.OPEN_CASE, requests.ACUTE_OPENER.pressed),
        Button(modals.CASE_MORE, Action.OPEN_CASE, requests.case_more),
        Form(modals.acute_form.id, Action.OPEN_CASE, requests.OPENING.filled_in),
        Button(modals.OPEN_CASE_FROM, Action.OPEN_CASE, requests.open_case_from),
    ),
)

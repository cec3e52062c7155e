"""The word, the form and the notifications of the duty report and the yearly report."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.authorization import enter_teams
from bot.usecases.report import order_report
from handlers.report import messages
from handlers.report.modals import report_form
from handlers.slack.declarations import Subject, Verb

REPORT = Subject(
    verbs=(
        Verb(
            Action.SEE_REPORT,
            report_form,
            order_report,
            enter_teams,
            word="report",
            submit=(Action.SEE_REPORT, Action.SHARE_REPORT),
            says="modal.report.ordered",
        ),
    ),
    notifications=messages.NOTIFICATIONS,
)

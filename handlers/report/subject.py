"""Commands, buttons, forms and notifications of the duty report and the yearly report."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.authorization import enter_teams
from handlers.report import duty, yearly
from handlers.slack.declarations import Subject, Verb
from handlers.slack.vocabulary import Audience, Word

_ROWS = (Action.SEE_REPORT, Action.SHARE_REPORT)

REPORT = Subject(
    "report",
    verbs=(
        Verb(
            Action.SEE_REPORT,
            duty.report_form,
            duty.ordered,
            enter_teams,
            word=Word("report", Audience.COORDINATOR),
            submit=_ROWS,
        ),
        Verb(Action.SEE_REPORT, yearly.yearly_form, yearly.ordered, enter_teams, yearly.YEARLY, submit=_ROWS),
    ),
    notifications=(*duty.NOTIFICATIONS, *yearly.NOTIFICATIONS),
)

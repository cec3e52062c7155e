"""Commands, buttons, forms and notifications of the duty report and the yearly report."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.report import duty, yearly
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

_ROWS = (Action.SEE_REPORT, Action.SHARE_REPORT)

REPORT = Subject(
    "report",
    commands=(Command("report", Action.SEE_REPORT, Audience.COORDINATOR, duty.open_report_form),),
    buttons=(Button(yearly.YEARLY, Action.SEE_REPORT, yearly.open_yearly_form),),
    forms=(Form(duty.REPORT_FORM, _ROWS, duty.ordered), Form(yearly.YEARLY_FORM, _ROWS, yearly.ordered)),
    notifications=(*duty.NOTIFICATIONS, *yearly.NOTIFICATIONS),
)

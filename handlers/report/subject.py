"""The duty report."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.report import commands, delivery, modals, submissions
from handlers.slack.declarations import Command, Form, Subject
from handlers.slack.vocabulary import Audience

REPORT = Subject(
    "report",
    commands=(Command("report", Action.SEE_REPORT, Audience.COORDINATOR, commands.order_report),),
    forms=(Form(modals.REPORT, (Action.SEE_REPORT, Action.SHARE_REPORT), submissions.ordered),),
    notifications=delivery.NOTIFICATIONS,
)

"""The meeting as it is held, its register, and why nobody came."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.notifications import Kind
from handlers.answers.messages import ARRIVE
from handlers.attendance import actions, commands, messages, minutes, modals, submissions
from handlers.delivery.declarations import CaseMessage, Job
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

ATTENDANCE = Subject(
    "attendance",
    commands=(
        Command("attendance", Action.REGISTER_ATTENDANCE, Audience.ROOM, commands.register_attendance),
    ),
    buttons=(
        Button(messages.ATTENDANCE, Action.REGISTER_ATTENDANCE, actions.attendance),
        Button(ARRIVE, Action.ARRIVE, actions.present),
        Button(messages.RECORD_ARRIVALS, Action.REGISTER_ATTENDANCE, actions.others),
        Button(messages.ON_TIME, Action.REGISTER_ATTENDANCE, actions.on_time),
        Button(messages.CHAIR, Action.NAME_CHAIR, actions.chair),
        Button(messages.GO_ON, Action.LEAD_MEETING, actions.go_on),
        Button(messages.POSTPONE, Action.POSTPONE_MEETING, actions.postpone),
        Button(messages.CORRECT, Action.CORRECT_ATTENDANCE, actions.correct),
        Button(messages.EXPLAIN_ABSENCE, Action.EXPLAIN_ABSENCE, actions.explain_absence),
    ),
    forms=(
        Form(modals.ATTENDANCE, Action.REGISTER_ATTENDANCE, submissions.attendance),
        Form(modals.ARRIVALS, Action.REGISTER_ATTENDANCE, submissions.arrivals),
        Form(modals.CHAIR, Action.NAME_CHAIR, submissions.chair),
        Form(modals.GO_ON, Action.LEAD_MEETING, submissions.goes_on),
        Form(modals.CORRECT, Action.CORRECT_ATTENDANCE, submissions.correction),
        Form(modals.EXPLAIN_ABSENCE, Action.EXPLAIN_ABSENCE, submissions.absence),
    ),
    notifications=(
        Job(Kind.MEETING_TURNS, messages.turn),
        CaseMessage(Kind.ROLL_CALL, messages.roll_call),
        CaseMessage(Kind.QUORUM, messages.quorum),
        CaseMessage(Kind.MINUTES, minutes.minutes),
        CaseMessage(Kind.ABSENCE_REASON, messages.absence_reason),
        CaseMessage(Kind.ABSENCE_TOLD, messages.absence_told),
        CaseMessage(Kind.ABSENCE, messages.absence),
        CaseMessage(Kind.DIRECTOR_TEXT, messages.director_text),
        CaseMessage(Kind.REGISTER, messages.register),
    ),
)

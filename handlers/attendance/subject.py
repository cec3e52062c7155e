"""A meeting while it is held, its register, and why nobody came."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Meeting
from bot.domain.notifications import Kind
from bot.usecases import attendance
from handlers.answers.messages import ARRIVE
from handlers.attendance import messages, minutes, modals, requests
from handlers.delivery.declarations import CaseMessage, Job
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Command, Group, Place

ATTENDANCE = Subject(
    verbs=(
        Command("attendance", Action.REGISTER_ATTENDANCE, requests.by_word),
        Verb(
            Action.REGISTER_ATTENDANCE,
            modals.attendance_form,
            requests.registered,
            attendance.see_register,
            messages.ATTENDANCE,
        ),
        Button(
            ARRIVE, Action.ARRIVE, tap(attendance.arrive), place=Place("press.arrive", messages.to_arrive)
        ),
        Verb(
            Action.NAME_CHAIR,
            modals.chair_form,
            attendance.name_chair,
            Meeting,
            messages.CHAIR,
            place=Place("press.chair", messages.to_lead),
        ),
        Verb(
            Action.EXPLAIN_ABSENCE,
            modals.absence_form,
            attendance.explain_absence,
            attendance.see_absence,
            messages.EXPLAIN_ABSENCE,
        ),
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
    group=Group.MEETING,
)

"""The meeting as it is held, its register, and why nobody came."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Meeting
from bot.domain.notifications import Kind
from bot.usecases import attendance
from bot.usecases.authorization import enter_lasting
from handlers.answers.messages import ARRIVE
from handlers.attendance import messages, minutes, modals, requests
from handlers.delivery.declarations import CaseMessage, Job
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opens, tap
from handlers.slack.vocabulary import Audience, Group, Place

ATTENDANCE = Subject(
    "attendance",
    commands=(Command("attendance", Action.REGISTER_ATTENDANCE, Audience.ROOM, requests.by_word),),
    buttons=(
        Button(messages.ATTENDANCE, Action.REGISTER_ATTENDANCE, requests.open_register),
        Button(
            ARRIVE,
            Action.ARRIVE,
            tap(attendance.arrive),
            place=Place("press.arrive", messages.to_arrive),
        ),
        Button(
            messages.RECORD_ARRIVALS,
            Action.REGISTER_ATTENDANCE,
            opens(
                attendance.see_absent,
                modals.arrivals_form,
                "Note others who are here and cannot say so themselves",
            ),
            place=Place("press.record-arrivals", messages.to_note_others),
        ),
        Button(messages.ON_TIME, Action.REGISTER_ATTENDANCE, tap(attendance.put_on_time)),
        Button(
            messages.CORRECT,
            Action.CORRECT_ATTENDANCE,
            requests.open_correction,
            place=Place("press.correct", messages.to_correct),
        ),
        Button(
            messages.CHAIR,
            Action.NAME_CHAIR,
            opens(enter_lasting, modals.chair_form, "Name the chair", action=Action.NAME_CHAIR, kind=Meeting),
            place=Place("press.chair", messages.to_lead),
        ),
        Button(
            messages.GO_ON,
            Action.LEAD_MEETING,
            opens(
                attendance.see_too_few,
                modals.go_on_form,
                "Go on with too few, and say why",
                action=Action.LEAD_MEETING,
            ),
        ),
        Button(messages.POSTPONE, Action.POSTPONE_MEETING, requests.postpone),
        Button(
            messages.EXPLAIN_ABSENCE,
            Action.EXPLAIN_ABSENCE,
            opens(attendance.see_absence, modals.absence_form, "Say why nobody came"),
        ),
    ),
    forms=(
        Form(modals.ATTENDANCE, Action.REGISTER_ATTENDANCE, requests.registered),
        Form(modals.ARRIVALS, Action.REGISTER_ATTENDANCE, does(attendance.record_arrivals)),
        Form(modals.CHAIR, Action.NAME_CHAIR, does(attendance.name_chair)),
        Form(modals.GO_ON, Action.LEAD_MEETING, does(attendance.continue_meeting)),
        Form(modals.CORRECT, Action.CORRECT_ATTENDANCE, requests.corrected),
        Form(modals.EXPLAIN_ABSENCE, Action.EXPLAIN_ABSENCE, does(attendance.explain_absence)),
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

"""An agency's part in a case: asked, taushetsplikt confirmed, passed on, changed, ended."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.involvement.acknowledgement import acknowledge, record_acknowledgement, see_recordable
from bot.usecases.involvement.agencies import (
    ask_again,
    change_involvement,
    release_agency,
    say_not_ours,
    see_not_ours,
    take_back_not_ours,
)
from bot.usecases.room import come_back, leave_case
from handlers.involvement import leaving, messages, modals, not_ours, requests
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opens, tap
from handlers.slack.vocabulary import Audience, Group

INVOLVEMENT = Subject(
    "involvement",
    commands=(
        Command("invite", Action.INVITE_AGENCY, Audience.ROOM, requests.invite_agency),
        Command("release", Action.RELEASE_AGENCY, Audience.ROOM, requests.release_agency, ends=True),
    ),
    buttons=(
        Button(
            messages.ACKNOWLEDGE,
            (Action.ACKNOWLEDGE_SEAT, Action.ACKNOWLEDGE_CASE),
            tap(acknowledge),
        ),
        Button(messages.PASS_ON, Action.PASS_ON, requests.send_on),
        Button(
            not_ours.NOT_OURS,
            Action.SAY_NOT_OURS,
            opens(see_not_ours, not_ours.not_ours_form, "Say why the case is not the agency's"),
        ),
        Button(not_ours.TAKE_BACK_NOT_OURS, Action.SAY_NOT_OURS, tap(take_back_not_ours)),
        Button(not_ours.ACCEPT_NOT_OURS, Action.RELEASE_AGENCY, tap(release_agency)),
        Button(not_ours.ASK_AGAIN, Action.ASK_AGAIN, tap(ask_again)),
        Button(modals.INVITE_OTHER, Action.INVITE_AGENCY, requests.invite_other),
        Button(leaving.LEFT_OVER, Action.LEAVE, tap(leave_case)),
        Button(leaving.LEFT_STAYS, Action.LEAVE, tap(come_back)),
        Button(
            messages.RECORD_ACKNOWLEDGEMENT,
            Action.ACKNOWLEDGE_ON_BEHALF,
            opens(
                see_recordable,
                modals.record_acknowledgement_form,
                "Record that somebody has confirmed taushetsplikt to the coordinator",
            ),
        ),
    ),
    forms=(
        Form(modals.INVITE, Action.INVITE_AGENCY, requests.filled_in),
        Form(modals.INVITE_OTHER_FORM, Action.INVITE_AGENCY, requests.INVITATION.chosen),
        Form(modals.INVITE_REVIEW, Action.INVITE_AGENCY, requests.INVITATION.send),
        Form(modals.RELEASE, Action.RELEASE_AGENCY, requests.to_release),
        Form(modals.RELEASE_REVIEW, Action.RELEASE_AGENCY, does(release_agency)),
        Form(modals.INVOLVEMENT, Action.CHANGE_INVOLVEMENT, does(change_involvement)),
        Form(modals.PASS_ON, (Action.PASS_ON, Action.ANSWER_SUMMONS), requests.passed_on),
        Form(not_ours.NOT_OURS_FORM, Action.SAY_NOT_OURS, does(say_not_ours)),
        Form(modals.RECORD_ACKNOWLEDGEMENT, Action.ACKNOWLEDGE_ON_BEHALF, does(record_acknowledgement)),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.AGENCIES,
)

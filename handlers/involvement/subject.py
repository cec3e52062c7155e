"""An agency's part in a case: asked, taushetsplikt confirmed, passed on, changed, ended."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.involvement import actions, commands, leaving, messages, modals, not_ours, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

INVOLVEMENT = Subject(
    "involvement",
    commands=(
        Command("invite", Action.INVITE_AGENCY, Audience.ROOM, commands.invite_agency),
        Command("release", Action.RELEASE_AGENCY, Audience.ROOM, commands.release_agency, ends=True),
    ),
    buttons=(
        Button(
            messages.ACKNOWLEDGE,
            (Action.ACKNOWLEDGE_SEAT, Action.ACKNOWLEDGE_CASE),
            actions.confirm_confidentiality,
        ),
        Button(messages.PASS_ON, Action.PASS_ON, actions.send_on),
        Button(not_ours.NOT_OURS, Action.SAY_NOT_OURS, not_ours.open_not_ours),
        Button(not_ours.TAKE_BACK_NOT_OURS, Action.SAY_NOT_OURS, not_ours.taken_back),
        Button(not_ours.ACCEPT_NOT_OURS, Action.RELEASE_AGENCY, not_ours.accept),
        Button(not_ours.ASK_AGAIN, Action.ASK_AGAIN, not_ours.asked_again),
        Button(modals.INVITE_OTHER, Action.INVITE_AGENCY, submissions.invite_other),
        Button(leaving.LEFT_OVER, Action.LEAVE, actions.part_is_over),
        Button(leaving.LEFT_STAYS, Action.LEAVE, actions.stays),
        Button(messages.RECORD_ACKNOWLEDGEMENT, Action.ACKNOWLEDGE_ON_BEHALF, actions.record_acknowledgement),
    ),
    forms=(
        Form(modals.INVITE, Action.INVITE_AGENCY, submissions.filled_in),
        Form(modals.INVITE_OTHER_FORM, Action.INVITE_AGENCY, submissions.other_chosen),
        Form(modals.INVITE_REVIEW, Action.INVITE_AGENCY, submissions.INVITATION.send),
        Form(modals.RELEASE, Action.RELEASE_AGENCY, submissions.to_release),
        Form(modals.RELEASE_REVIEW, Action.RELEASE_AGENCY, submissions.release),
        Form(modals.INVOLVEMENT, Action.CHANGE_INVOLVEMENT, submissions.involvement),
        Form(modals.PASS_ON, (Action.PASS_ON, Action.ANSWER_SUMMONS), submissions.passed_on),
        Form(not_ours.NOT_OURS_FORM, Action.SAY_NOT_OURS, not_ours.submitted),
        Form(modals.RECORD_ACKNOWLEDGEMENT, Action.ACKNOWLEDGE_ON_BEHALF, submissions.acknowledgement),
    ),
    notifications=messages.NOTIFICATIONS,
)

"""An agency's part in a case: asked, taushetsplikt confirmed, passed on, changed, ended."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Involvement
from bot.usecases.answers import say_cannot
from bot.usecases.involvement import acknowledgement, agencies
from bot.usecases.room import come_back, leave_case
from handlers.involvement import leaving, messages, modals, not_ours, requests
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Group

INVOLVEMENT = Subject(
    verbs=(
        Verb(
            Action.INVITE_AGENCY,
            modals.invite_form,
            requests.INVITATION,
            agencies.see_invitable,
            word="invite",
        ),
        Verb(
            Action.RELEASE_AGENCY,
            modals.release_review,
            agencies.release_agency,
            Involvement,
            word="release",
            among=(agencies.see_releasable, modals.choose_part),
        ),
        Button(
            messages.ACKNOWLEDGE,
            (Action.ACKNOWLEDGE_SEAT, Action.ACKNOWLEDGE_CASE),
            tap(acknowledgement.acknowledge),
        ),
        Verb(Action.CHANGE_INVOLVEMENT, modals.involvement_form, agencies.change_involvement),
        Verb(
            Action.PASS_ON,
            modals.pass_on_form,
            say_cannot,
            acknowledgement.see_colleagues,
            messages.PASS_ON,
            submit=(Action.PASS_ON, Action.ANSWER_SUMMONS),
        ),
        Verb(
            Action.SAY_NOT_OURS,
            not_ours.not_ours_form,
            agencies.say_not_ours,
            agencies.see_not_ours,
            not_ours.NOT_OURS,
        ),
        Button(not_ours.TAKE_BACK_NOT_OURS, Action.SAY_NOT_OURS, tap(agencies.take_back_not_ours)),
        Button(not_ours.ACCEPT_NOT_OURS, Action.RELEASE_AGENCY, tap(agencies.accept_not_ours)),
        Button(not_ours.ASK_AGAIN, Action.ASK_AGAIN, tap(agencies.ask_again)),
        Button(leaving.LEFT_OVER, Action.LEAVE, tap(leave_case)),
        Button(leaving.LEFT_STAYS, Action.LEAVE, tap(come_back)),
        Verb(
            Action.ACKNOWLEDGE_ON_BEHALF,
            modals.record_acknowledgement_form,
            acknowledgement.record_acknowledgement,
            acknowledgement.see_recordable,
            messages.RECORD_ACKNOWLEDGEMENT,
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.AGENCIES,
)

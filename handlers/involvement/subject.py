"""An agency's part in a case: asked, taushetsplikt confirmed, passed on, changed, ended."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.involvement.acknowledgement import (
    acknowledge,
    record_acknowledgement,
    see_colleagues,
    see_recordable,
)
from bot.usecases.involvement.agencies import (
    ask_again,
    change_involvement,
    release_agency,
    say_not_ours,
    see_invitable,
    see_not_ours,
    see_releasable,
    take_back_not_ours,
)
from bot.usecases.room import come_back, leave_case
from handlers.involvement import leaving, messages, modals, not_ours, requests
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Audience, Group, Word

INVOLVEMENT = Subject(
    "involvement",
    verbs=(
        Verb(
            Action.INVITE_AGENCY,
            modals.invite_form,
            requests.INVITATION,
            see_invitable,
            word=Word("invite", Audience.ROOM),
        ),
        Verb(
            Action.RELEASE_AGENCY,
            modals.release_form,
            requests.to_release,
            see_releasable,
            word=Word("release", Audience.ROOM, ends=True),
        ),
        Verb(Action.RELEASE_AGENCY, modals.release_review, release_agency),
        Button(messages.ACKNOWLEDGE, (Action.ACKNOWLEDGE_SEAT, Action.ACKNOWLEDGE_CASE), tap(acknowledge)),
        Verb(Action.CHANGE_INVOLVEMENT, modals.involvement_form, change_involvement),
        Verb(
            Action.PASS_ON,
            modals.pass_on_form,
            requests.passed_on,
            see_colleagues,
            messages.PASS_ON,
            submit=(Action.PASS_ON, Action.ANSWER_SUMMONS),
        ),
        Verb(Action.SAY_NOT_OURS, not_ours.not_ours_form, say_not_ours, see_not_ours, not_ours.NOT_OURS),
        Button(not_ours.TAKE_BACK_NOT_OURS, Action.SAY_NOT_OURS, tap(take_back_not_ours)),
        Button(not_ours.ACCEPT_NOT_OURS, Action.RELEASE_AGENCY, tap(release_agency)),
        Button(not_ours.ASK_AGAIN, Action.ASK_AGAIN, tap(ask_again)),
        Button(leaving.LEFT_OVER, Action.LEAVE, tap(leave_case)),
        Button(leaving.LEFT_STAYS, Action.LEAVE, tap(come_back)),
        Verb(
            Action.ACKNOWLEDGE_ON_BEHALF,
            modals.record_acknowledgement_form,
            record_acknowledgement,
            see_recordable,
            messages.RECORD_ACKNOWLEDGEMENT,
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.AGENCIES,
)

"""Related cases, a person split off, liaisons: `/tot koble` and its forms."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.usecases.links import (
    SPLIT_OFF,
    end_liaison,
    link_cases,
    name_liaison,
    see_linkable,
    see_splittable,
    unlink_cases,
)
from handlers.links import messages, modals
from handlers.meeting.modals import READS_MEETING
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Group

SPLITTING = ReviewedForm(SPLIT_OFF, modals.split_review, readers=READS_MEETING)

LINKS = Subject(
    verbs=(
        Verb(
            Action.LINK_CASES,
            modals.link_form,
            link_cases,
            see_linkable,
            word="link",
            says=modals.linked_text,
        ),
        Button(modals.UNLINK, Action.UNLINK_CASES, tap(unlink_cases)),
        Verb(Action.NAME_LIAISON, modals.liaison_form, name_liaison, Case, modals.LIAISON),
        Button(modals.END_LIAISON, Action.END_LIAISON, tap(end_liaison)),
        Verb(Action.SPLIT_OFF, modals.split_form, SPLITTING, see_splittable, modals.SPLIT),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.CASE,
)

"""Deputies in place of the person asked, and successors in a seat: `/tot vara`, `/tot plass`."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.deputies import (
    approve_deputy,
    hand_over,
    name_deputy,
    refuse_deputy,
    see_decision,
    see_nameable,
    see_naming,
    see_seats,
    see_successors,
)
from handlers.deputies import messages, modals
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import ChooseOne, tap
from handlers.slack.vocabulary import Audience, Group, Word

DEPUTIES = Subject(
    "deputies",
    verbs=(
        Verb(
            Action.NAME_DEPUTY,
            modals.deputy_form,
            name_deputy,
            see_naming,
            messages.NAME_DEPUTY,
            word=Word("deputy", Audience.CONTACT),
            among=ChooseOne(see_nameable, modals.choose_ask),
        ),
        Button(messages.APPROVE_DEPUTY, Action.APPROVE_DEPUTY, tap(approve_deputy)),
        Verb(Action.APPROVE_DEPUTY, modals.refuse_form, refuse_deputy, see_decision, messages.REFUSE_DEPUTY),
        Verb(
            Action.HAND_OVER,
            modals.handover_form,
            hand_over,
            see_successors,
            word=Word("hand-over", Audience.CONTACT),
            among=ChooseOne(see_seats, modals.choose_seat),
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.AGENCIES,
)

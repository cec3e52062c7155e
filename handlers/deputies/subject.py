"""Deputies in place of the person asked, and successors in a seat: `/tot vara`, `/tot plass`."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases import deputies
from handlers.answers.messages import NAME_DEPUTY
from handlers.deputies import messages, modals
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Group

DEPUTIES = Subject(
    verbs=(
        Verb(
            Action.NAME_DEPUTY,
            modals.deputy_form,
            deputies.name_deputy,
            deputies.see_naming,
            NAME_DEPUTY,
            word="deputy",
            among=(deputies.see_nameable, modals.choose_ask),
        ),
        Button(messages.APPROVE_DEPUTY, Action.APPROVE_DEPUTY, tap(deputies.approve_deputy)),
        Button(messages.REFUSE_DEPUTY, Action.APPROVE_DEPUTY, tap(deputies.refuse_deputy)),
        Verb(
            Action.HAND_OVER,
            modals.handover_form,
            deputies.hand_over,
            deputies.see_successors,
            word="hand-over",
            says="modal.handover.done",
            among=(deputies.see_seats, modals.choose_seat),
        ),
    ),
    notifications=messages.NOTIFICATIONS,
    group=Group.AGENCIES,
)

"""Joint meetings of all partners, outside every case: `/tot fellesmøte`, the buttons, the forms."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.authorization import enter_team
from bot.usecases.joint import (
    PLAN_JOINT,
    answer_joint,
    cancel_joint,
    enter_joint,
    register_joint,
)
from handlers.blocks.modal import View
from handlers.joint import messages, modals
from handlers.meeting.defaults import propose
from handlers.meeting.modals import READS_MEETING
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.requests import Request
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import OfTeam, tap


async def _form_of(request: Request, team_id: str, typed: str) -> View:
    team = await request.look(enter_team, Action.CALL_JOINT, team_id)
    return modals.joint_form(request.words, team, propose(request.words, team, typed, request.now))


CALLING = ReviewedForm(
    PLAN_JOINT,
    modals.joint_review,
    about=("team_id",),
    readers=READS_MEETING,
)
MOVING = replace(CALLING, show=modals.joint_move_review, about=("joint_id", "sequence"))

JOINT = Subject(
    verbs=(
        Verb(
            Action.CALL_JOINT,
            modals.joint_form,
            CALLING,
            OfTeam(messages.JOINT_OF, _form_of),
            word="joint",
        ),
        Button(messages.JOINT_COMES, Action.ANSWER_JOINT, tap(answer_joint, comes=True)),
        Button(messages.JOINT_STAYS_AWAY, Action.ANSWER_JOINT, tap(answer_joint, comes=False)),
        Verb(Action.MOVE_JOINT, modals.move_joint_form, MOVING, enter_joint, messages.JOINT_MOVE),
        Verb(Action.CANCEL_JOINT, modals.cancel_joint_form, cancel_joint, enter_joint, messages.JOINT_CANCEL),
        Verb(
            Action.REGISTER_JOINT,
            modals.register_joint_form,
            register_joint,
            enter_joint,
            messages.JOINT_REGISTER,
        ),
    ),
    notifications=messages.NOTIFICATIONS,
)

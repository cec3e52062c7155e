"""Joint meetings of all partners, outside every case: `/tot fellesmøte`, the buttons, the forms."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.authorization import teams_of
from bot.usecases.joint import (
    PLAN_JOINT,
    answer_joint,
    cancel_joint,
    coming_joint,
    register_joint,
    see_ahead,
    see_joint,
    see_register,
)
from handlers.blocks.modal import View
from handlers.joint import messages, modals
from handlers.meeting.defaults import propose
from handlers.meeting.modals import READS_MEETING
from handlers.slack.declarations import Button, Command, Subject, Verb
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest, CommandRequest, Request
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import OfTeam, tap
from handlers.slack.vocabulary import Audience


async def joint(request: CommandRequest) -> None:
    """See coming joint meetings, and sign up; a coordinator calls one (text after the word: its time).

    A coordinator of several teams chooses one first.
    """
    if await request.look(teams_of):
        await request.open(await _OPENER.first(request, request.rest))
        return
    found = await request.look(coming_joint)
    blocks = messages.coming(request.words, found, request.visitor.person.id)
    await request.answer(request.words("joint.ahead" if found else "joint.none-ahead"), blocks)


async def _form_of(request: Request, team_id: str, typed: str) -> View:
    team, themes = await request.look(see_joint, team_id)
    return modals.joint_form(request.words, team, themes, propose(request.words, team, typed, request.now))


_OPENER = OfTeam(Action.CALL_JOINT, messages.JOINT_OF, _form_of)


async def join(request: ActionRequest) -> None:
    """Sign up for a joint meeting without having been invited."""
    await request.act(answer_joint, *asked(request.value), comes=True)
    await request.answer(request.words("joint.joined"))


CALLING = ReviewedForm(
    PLAN_JOINT,
    modals.JOINT_REVIEW,
    modals.joint_review,
    about=("team_id",),
    readers=READS_MEETING,
)
MOVING = replace(CALLING, form=modals.JOINT_MOVE_REVIEW, about=("joint_id", "sequence"))

JOINT = Subject(
    "joint",
    verbs=(
        Command("joint", Audience.CONTACT, (Action.SEE_JOINT, Action.CALL_JOINT), joint),
        Button(messages.JOINT_OF, Action.CALL_JOINT, _OPENER.pressed),
        Verb(Action.CALL_JOINT, modals.joint_form, CALLING),
        Button(messages.JOINT_COMES, Action.ANSWER_JOINT, tap(answer_joint, comes=True)),
        Button(messages.JOINT_JOIN, Action.ANSWER_JOINT, join),
        Button(messages.JOINT_STAYS_AWAY, Action.ANSWER_JOINT, tap(answer_joint, comes=False)),
        Verb(Action.MOVE_JOINT, modals.move_joint_form, MOVING, see_ahead, messages.JOINT_MOVE),
        Verb(Action.CANCEL_JOINT, modals.cancel_joint_form, cancel_joint, see_ahead, messages.JOINT_CANCEL),
        Verb(
            Action.REGISTER_JOINT,
            modals.register_joint_form,
            register_joint,
            see_register,
            messages.JOINT_REGISTER,
        ),
    ),
    notifications=messages.NOTIFICATIONS,
)

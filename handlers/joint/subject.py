"""Joint meetings of all partners, outside every case: `/tot fellesmøte`, the buttons, the forms."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.domain.directory.entities import Team
from bot.usecases.joint import (
    PLAN_JOINT,
    CallableTeam,
    answer_joint,
    cancel_joint,
    enter_joint,
    register_joint,
    see_callable_or_ahead,
    see_joint,
    see_move,
    see_register,
)
from handlers.blocks.modal import View, choose_team
from handlers.joint import messages, modals
from handlers.meeting.defaults import propose, retypeable
from handlers.meeting.modals import READS_MEETING
from handlers.slack.declarations import Button, Command, Subject, Verb
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest, CommandRequest, Request
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import of_team, tap, team_and_time
from handlers.slack.vocabulary import Audience


async def joint(request: CommandRequest) -> None:
    """See coming joint meetings, and sign up; a coordinator calls one (text after the word: its time).

    A coordinator of several teams chooses one first.
    """
    called, found = await request.look(see_callable_or_ahead)
    if called:
        await _call(request, called)
        return
    blocks = messages.coming(request.words, found, request.visitor.person.id)
    await request.answer(request.words("joint.ahead" if found else "joint.none-ahead"), blocks)


async def _call(request: CommandRequest, found: list[CallableTeam]) -> None:
    now = request.now
    if len(found) > 1:
        teams = [team for team, _ in found]
        typed = retypeable(teams[0], request.rest, now)
        await request.open(choose_team(request.words, teams, messages.JOINT_OF, typed))
        return
    await request.open(_call_form(request, *found[0], request.rest))


async def call_of_team(request: ActionRequest) -> None:
    """Call a joint meeting of the chosen team."""
    found = await of_team(request, see_joint, Action.CALL_JOINT)
    _, typed = team_and_time(request.value)
    await request.open(_call_form(request, *found[0], typed))


def _call_form(request: Request, team: Team, themes: list[tuple[str, int]], typed: str) -> View:
    return modals.joint_form(request.words, team, themes, propose(request.words, team, typed, request.now))


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
        Command(
            "joint", Audience.CONTACT, (Action.SEE_JOINT, Action.CALL_JOINT), joint, more=Action.OPEN_CASE
        ),
        Button(messages.JOINT_OF, Action.CALL_JOINT, call_of_team),
        Verb(Action.CALL_JOINT, modals.joint_form, CALLING),
        Button(messages.JOINT_COMES, Action.ANSWER_JOINT, tap(answer_joint, comes=True)),
        Button(messages.JOINT_JOIN, Action.ANSWER_JOINT, join),
        Button(messages.JOINT_STAYS_AWAY, Action.ANSWER_JOINT, tap(answer_joint, comes=False)),
        Verb(Action.MOVE_JOINT, modals.move_joint_form, MOVING, see_move, messages.JOINT_MOVE),
        Verb(Action.CANCEL_JOINT, modals.cancel_joint_form, cancel_joint, enter_joint, messages.JOINT_CANCEL),
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

"""Joint meetings of all partners, outside every case: `/tot fellesmøte`, the buttons, the forms."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases import joint as usecases
from bot.usecases.joint import PLAN_JOINT, PlanJoint
from handlers.blocks.modal import choose_team
from handlers.joint import messages, modals
from handlers.meeting.defaults import mark_of, propose
from handlers.meeting.requests import read_meeting
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import does, opens, tap
from handlers.slack.vocabulary import Audience


async def joint(request: CommandRequest) -> None:
    """See the joint meetings ahead, and sign up; a coordinator calls one (text after the word: its time).

    Who coordinates several teams chooses one first.
    """
    called, found = await request.look(usecases.see_callable_or_ahead)
    if called:
        await _call(request, called)
        return
    blocks = messages.coming(request.words, found, request.visitor.person.id)
    await request.answer(request.words("joint.ahead" if found else "joint.none-ahead"), blocks)


async def _call(request: CommandRequest, found: list[usecases.CallableTeam]) -> None:
    now = request.now
    if len(found) > 1:
        teams = [team for team, _ in found]
        mark = mark_of(teams[0], request.rest, now)
        await request.open(choose_team(request.words, teams, modals.JOINT, mark))
        return
    team, themes = found[0]
    proposal = propose(request.words, team, request.rest, now)
    await request.open(modals.joint_form(request.words, team, themes, proposal))


async def join(request: ActionRequest) -> None:
    """Come to it, without having been invited."""
    about = asked(request.value)
    await request.act(usecases.answer_joint, *about, comes=True, action=Action.JOIN_JOINT)
    await request.tell(request.words("joint.joined"))


REVIEW = ReviewedForm(
    PLAN_JOINT,
    lambda request, metadata, reviewed: modals.joint_review(
        request.words, metadata, reviewed.review, by_mail=request.services.by_mail
    ),
)


async def filled_in(request: SubmissionRequest) -> None:
    about = request.fields.text("topic"), read_meeting(request.fields)
    theme = request.fields.option("theme")
    await REVIEW.review(request, PlanJoint(*about, team_id=request.metadata, theme=theme))


async def move_filled_in(request: SubmissionRequest) -> None:
    about = request.fields.text("topic"), read_meeting(request.fields)
    await REVIEW.review(request, PlanJoint(*about, joint_id=request.metadata))


JOINT = Subject(
    "joint",
    commands=(Command("joint", (Action.SEE_JOINT, Action.CALL_JOINT), Audience.CONTACT, joint),),
    buttons=(
        Button(messages.JOINT_COMES, Action.ANSWER_JOINT, tap(usecases.answer_joint, comes=True)),
        Button(messages.JOINT_JOIN, Action.JOIN_JOINT, join),
        Button(messages.JOINT_STAYS_AWAY, Action.ANSWER_JOINT, tap(usecases.answer_joint, comes=False)),
        Button(
            messages.JOINT_MOVE,
            Action.MOVE_JOINT,
            opens(usecases.see_move, modals.move_joint_form, "Change its time, place, topic or agenda"),
        ),
        Button(
            messages.JOINT_CANCEL,
            Action.CANCEL_JOINT,
            opens(usecases.enter_joint, modals.cancel_joint_form, "Call it off", action=Action.CANCEL_JOINT),
        ),
        Button(
            messages.JOINT_REGISTER,
            Action.REGISTER_JOINT,
            opens(usecases.see_register, modals.register_joint_form, "Say who came"),
        ),
    ),
    forms=(
        Form(modals.JOINT, Action.CALL_JOINT, filled_in),
        Form(modals.JOINT_REVIEW, Action.CALL_JOINT, REVIEW.send),
        Form(modals.JOINT_MOVE, Action.MOVE_JOINT, move_filled_in),
        Form(modals.JOINT_MOVE_REVIEW, Action.MOVE_JOINT, REVIEW.send),
        Form(modals.JOINT_CANCEL, Action.CANCEL_JOINT, does(usecases.cancel_joint)),
        Form(modals.JOINT_REGISTER, Action.REGISTER_JOINT, does(usecases.register_joint)),
    ),
    notifications=messages.NOTIFICATIONS,
)

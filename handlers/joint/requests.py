"""`/tot fellesmøte`: call all partners to a joint meeting, move it; sign up."""

from __future__ import annotations

from bot.domain.directory.entities import Person, Team
from bot.usecases.authorization import teams_of
from bot.usecases.joint.calling import (
    CALL_JOINT,
    MOVE_JOINT,
    CallJoint,
    MoveJoint,
    coming_joint,
    join_joint,
    see_joint,
)
from bot.usecases.joint.view import JointMeetingView
from bot.usecases.ports import UnitOfWork
from handlers.blocks.modal import choose_team
from handlers.joint.messages import coming
from handlers.joint.modals import JOINT, joint_form, joint_review, move_joint_review
from handlers.meeting.defaults import mark_of, propose
from handlers.meeting.requests import read_meeting
from handlers.slack.payloads import asked
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.review import ReviewedForm

#: A team, and the themes of guidance since it last met.
CallableTeam = tuple[Team, list[tuple[str, int]]]


async def joint(request: CommandRequest) -> None:
    """See the joint meetings ahead, and sign up; a coordinator calls one (text after the word: its time).

    Who coordinates several teams chooses one first.
    """
    called, found = await request.look(_called_or_ahead)
    if called:
        await _call(request, called)
        return
    blocks = coming(request.words, found, request.visitor.person.id)
    await request.answer(request.words("joint.ahead" if found else "joint.none-ahead"), blocks)


def _called_or_ahead(uow: UnitOfWork, actor: Person) -> tuple[list[CallableTeam], list[JointMeetingView]]:
    """To a coordinator the teams that they may call, to anybody else what lies ahead: one reading."""
    if teams_of(uow, actor):
        return see_joint(uow, actor), []
    return [], coming_joint(uow, actor)


async def _call(request: CommandRequest, found: list[CallableTeam]) -> None:
    now = request.now
    if len(found) > 1:
        teams = [team for team, _ in found]
        mark = mark_of(teams[0], request.rest, now)
        await request.open(choose_team(request.words, teams, JOINT, mark))
        return
    team, themes = found[0]
    proposal = propose(request.words, team, request.rest, now)
    await request.open(joint_form(request.words, team, themes, proposal))


async def join(request: ActionRequest) -> None:
    """Come to it, without having been invited."""
    await request.act(join_joint, *asked(request.value))
    await request.tell(request.words("joint.joined"))


CALL = ReviewedForm(
    CALL_JOINT,
    lambda request, metadata, reviewed: joint_review(
        request.words, metadata, reviewed.review, by_mail=request.services.by_mail
    ),
)
MOVE = ReviewedForm(
    MOVE_JOINT,
    lambda request, metadata, reviewed: move_joint_review(request.words, metadata, reviewed.review),
)


async def filled_in(request: SubmissionRequest) -> None:
    fields = request.fields
    plan = read_meeting(fields)
    command = CallJoint(request.metadata, fields.text("topic"), plan, fields.option("theme"))
    await CALL.review(request, command)


async def move_filled_in(request: SubmissionRequest) -> None:
    fields = request.fields
    command = MoveJoint(request.metadata, fields.text("topic"), read_meeting(fields))
    await MOVE.review(request, command)

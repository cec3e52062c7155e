"""`/tot fellesmøte`: call all partners to a joint meeting; to a contact, those that lie ahead."""

from __future__ import annotations

from bot.usecases.authorization import teams_of
from bot.usecases.joint.attending import coming_joint
from bot.usecases.joint.calling import see_joint
from handlers.blocks.modal import choose_team
from handlers.joint.messages import coming
from handlers.joint.modals import JOINT, joint_form
from handlers.meeting.defaults import mark_of, propose
from handlers.slack.requests import CommandRequest


async def joint(request: CommandRequest) -> None:
    """See the joint meetings ahead, and sign up; a coordinator calls one (text after the word: its time).

    Who coordinates several teams chooses one first.
    """
    if await request.look(lambda uow, actor: bool(teams_of(uow, actor))):
        await _call(request)
        return
    found = await request.look(coming_joint)
    blocks = coming(request.words, found, request.visitor.person.id)
    await request.answer(request.words("joint.ahead" if found else "joint.none-ahead"), blocks)


async def _call(request: CommandRequest) -> None:
    found, now = await request.look(see_joint), request.now
    if len(found) > 1:
        teams = [team for team, _ in found]
        mark = mark_of(teams[0], request.rest, now)
        await request.open(choose_team(request.words, teams, JOINT, mark))
        return
    team, themes = found[0]
    proposal = propose(request.words, team, request.rest, now)
    await request.open(joint_form(request.words, team, themes, proposal))

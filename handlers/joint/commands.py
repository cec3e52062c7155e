"""`/tot fellesmøte`: call all partners to a joint meeting."""

from __future__ import annotations

from bot.usecases.joint.calling import see_joint
from handlers.blocks.modal import choose_team
from handlers.joint.modals import JOINT, joint_form
from handlers.meeting.defaults import mark_of, propose
from handlers.slack.requests import CommandRequest


async def call_joint(request: CommandRequest) -> None:
    """Call all partners to a joint meeting; text after the word is read as a time.

    Who coordinates several teams chooses one first.
    """
    found, now = await request.look(see_joint), request.now
    if len(found) > 1:
        teams = [team for team, _ in found]
        mark = mark_of(teams[0], request.rest, now)
        await request.open(choose_team(request.words, teams, JOINT, mark))
        return
    team, themes = found[0]
    proposal = propose(request.words, team, request.rest, now)
    await request.open(joint_form(request.words, team, themes, proposal))

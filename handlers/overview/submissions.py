"""The small form in which a team is chosen."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.errors import NothingHere
from bot.usecases.authorization import enter_team
from bot.usecases.case import see_openable
from bot.usecases.directory.coordinators import see_coordinators
from bot.usecases.joint.calling import see_joint
from handlers.case import open_case_form
from handlers.directory.modals import APPOINT, coordinators_form
from handlers.joint.modals import JOINT, joint_form
from handlers.meeting.submissions import _at
from handlers.slack.requests import SubmissionRequest


async def team(request: SubmissionRequest) -> None:
    team_id, _, mark = request.fields.needed("team").partition("|")
    if request.metadata == APPOINT:
        for team, people in await request.look(see_coordinators):
            if team.id == team_id:
                await request.replace(coordinators_form(request.words, team, people))
                return
        await request.look(enter_team, Action.KEEP_COORDINATORS, team_id)
        return
    if request.metadata == JOINT:
        for team, themes in await request.look(see_joint):
            if team.id == team_id:
                await request.replace(joint_form(request.words, team, themes, _at(request, team, mark)))
                return
        await request.look(enter_team, Action.CALL_JOINT, team_id)
        return
    for team, agencies in await request.look(see_openable):
        if team.id == team_id:
            if not agencies:
                raise NothingHere(what="directory")
            await request.replace(open_case_form(request.words, team, agencies, _at(request, team, mark)))
            return
    await request.look(enter_team, Action.OPEN_CASE, team_id)

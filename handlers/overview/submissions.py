"""The small form in which a team is chosen, and a form of an older version."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.errors import NothingHere
from bot.usecases.authorization import enter_team
from bot.usecases.case import see_openable
from bot.usecases.directory.coordinators import see_coordinators
from bot.usecases.joint.calling import see_joint
from handlers.case.modals import open_case_form
from handlers.directory.modals import coordinators_form
from handlers.joint.modals import joint_form
from handlers.meeting.submissions import _at
from handlers.slack.ids import ViewId
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import Submitted


async def team(submitted: Submitted) -> None:
    """A coordinator of several teams has chosen one."""
    team_id, _, mark = submitted.fields.needed("team").partition("|")
    if submitted.metadata == ViewId.APPOINT:
        for team, people in await submitted.look(see_coordinators):
            if team.id == team_id:
                await submitted.replace(coordinators_form(submitted.words, team, people))
                return
        await submitted.look(lambda uow, actor: enter_team(uow, actor, Action.KEEP_COORDINATORS, team_id))
        return
    if submitted.metadata == ViewId.JOINT:
        for team, themes in await submitted.look(see_joint):
            if team.id == team_id:
                await submitted.replace(joint_form(submitted.words, team, themes, _at(submitted, team, mark)))
                return
        await submitted.look(lambda uow, actor: enter_team(uow, actor, Action.CALL_JOINT, team_id))
        return
    for team, agencies in await submitted.look(see_openable):
        if team.id == team_id:
            if not agencies:
                raise NothingHere(what="directory")
            proposal = _at(submitted, team, mark)
            await submitted.replace(open_case_form(submitted.words, team, agencies, proposal))
            return
    await submitted.look(lambda uow, actor: enter_team(uow, actor, Action.OPEN_CASE, team_id))


async def unknown(submitted: Submitted) -> None:
    """Nothing can be done with it."""
    raise Unreadable

"""The small forms in which a team or a meeting is chosen; the form itself comes in their place."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.domain.case import Meeting
from bot.domain.case_file import CaseFile
from bot.domain.directory import Person, Team
from bot.domain.errors import NothingHere
from bot.usecases.door import enter_team
from bot.usecases.joint.call_joint import see_joint
from bot.usecases.keep_coordinators import see_coordinators
from bot.usecases.meetings import enter_move
from bot.usecases.open_case import see_openable
from bot.usecases.ports import UnitOfWork
from handlers.blocks.modals.case import open_case_form
from handlers.blocks.modals.joint import joint_form
from handlers.blocks.modals.meetings import Proposal, move_form, proposal_of
from handlers.blocks.modals.people import coordinators_form
from handlers.encounters import Submitted
from handlers.ids import ViewId
from handlers.proposals import from_mark, propose


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


def _at(submitted: Submitted, team: Team, mark: str) -> Proposal:
    """A proposal at the time that travelled with the choice, if one did."""
    proposal = propose(submitted.words, team, "", submitted.services.clock.now())
    return replace(proposal, starts_at=from_mark(mark) or proposal.starts_at)


async def meeting(submitted: Submitted) -> None:
    """A meeting has been chosen to be moved."""
    meeting_id, _, mark = submitted.fields.needed("meeting").partition("|")
    file, chosen = await submitted.look(lambda uow, actor: _movable(uow, actor, meeting_id))
    proposal = proposal_of(chosen)
    proposal = replace(proposal, starts_at=from_mark(mark) or proposal.starts_at)
    await submitted.replace(move_form(submitted.words, file, chosen, proposal))


def _movable(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[CaseFile, Meeting]:
    here, meeting = enter_move(uow, actor, meeting_id)
    return here.file, meeting

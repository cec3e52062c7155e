"""The small form in which a team is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.access import Action
from bot.domain.directory.entities import Person, Team
from bot.domain.errors import NothingHere
from bot.usecases.authorization import enter_team
from bot.usecases.case import see_openable
from bot.usecases.directory.coordinators import see_coordinators
from bot.usecases.drill import see_drill
from bot.usecases.joint.calling import see_joint
from bot.usecases.ports import UnitOfWork
from handlers.case.acute import ACUTE
from handlers.case.commands import acute_view
from handlers.case.modals import open_case_form
from handlers.directory.modals import APPOINT, coordinators_form
from handlers.drill import DRILL, drill_form
from handlers.joint.modals import JOINT, joint_form
from handlers.meeting.defaults import at_time, from_mark, propose, propose_first
from handlers.meeting.modals import Proposal
from handlers.slack.requests import SubmissionRequest

T = TypeVar("T")


async def team(request: SubmissionRequest) -> None:
    team_id, _, mark = request.fields.needed("team").partition("|")
    words = request.words

    async def chosen(
        see: Callable[[UnitOfWork, Person], Sequence[tuple[Team, T]]], row: Action
    ) -> tuple[Team, T] | None:
        for found in await request.look(see):
            if found[0].id == team_id:
                return found
        await request.look(enter_team, row, team_id)
        return None

    def at(team: Team, proposal: Proposal) -> Proposal:
        """At the time that travelled with the choice, if one did."""
        return at_time(words, team, proposal, from_mark(mark) or proposal.starts_at, request.now)

    if request.metadata == APPOINT:
        if coordinated := await chosen(see_coordinators, Action.KEEP_COORDINATORS):
            await request.replace(coordinators_form(words, *coordinated))
    elif request.metadata == JOINT:
        if joint := await chosen(see_joint, Action.CALL_JOINT):
            usual = propose(words, joint[0], "", request.now)
            await request.replace(joint_form(words, *joint, at(joint[0], usual)))
    elif request.metadata == DRILL:
        now = await request.look(see_drill, team_id)
        await request.replace(drill_form(words, now, by_mail=request.services.mail_is_read))
    elif request.metadata == ACUTE:
        if openable := await chosen(see_openable, Action.OPEN_CASE):
            await request.replace(await acute_view(request, openable[0].id))
    elif openable := await chosen(see_openable, Action.OPEN_CASE):
        if not openable[1]:
            raise NothingHere(what="directory")
        first = propose_first(words, openable[0], "", request.now)
        await request.replace(open_case_form(words, *openable, at(openable[0], first)))

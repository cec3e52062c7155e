"""Buttons that open a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.errors import NothingHere
from bot.usecases.authorization import enter_team
from bot.usecases.case import see_openable, see_prompted
from handlers.blocks.modal import choose_team
from handlers.case.modals import OPEN_CASE, open_case_form
from handlers.meeting.defaults import propose
from handlers.slack.requests import ActionRequest


async def open_case(request: ActionRequest) -> None:
    """Open the form that opens a case, for the team of the button or the only one."""
    openable = await request.look(see_openable)
    if request.value:
        openable = [each for each in openable if each[0].id == request.value]
    if not openable:
        await request.look(lambda uow, actor: enter_team(uow, actor, Action.OPEN_CASE, request.value))
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        await request.open(choose_team(request.words, teams, OPEN_CASE))
        return
    team, agencies = openable[0]
    if not agencies:
        raise NothingHere(what="directory")
    proposal = propose(request.words, team, "", request.services.clock.now())
    await request.open(open_case_form(request.words, team, agencies, proposal))


async def open_case_from(request: ActionRequest) -> None:
    """Open the form that opens a case because of it; nothing that was written goes along."""
    prompted = await request.look(lambda uow, actor: see_prompted(uow, actor, request.value))
    proposal = propose(request.words, prompted.team, "", request.services.clock.now())
    view = open_case_form(
        *(request.words, prompted.team, prompted.agencies, proposal),
        asked_by=prompted.asked_by,
        item=request.value,
    )
    await request.open(view)

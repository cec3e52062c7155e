"""Buttons that open a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.authorization import enter_team
from bot.usecases.case import see_openable, see_prompted
from handlers.case.commands import team_or_form
from handlers.case.modals import open_case_form
from handlers.meeting.defaults import propose
from handlers.slack.requests import ActionRequest


async def open_case_by_button(request: ActionRequest) -> None:
    """Open the form that opens a case, for the team of the button or the only one."""
    openable = await request.look(see_openable)
    if request.value:
        openable = [each for each in openable if each[0].id == request.value]
    if not openable:
        await request.look(enter_team, Action.OPEN_CASE, request.value)
    await request.open(team_or_form(request.words, openable, "", request.now))


async def open_case_from(request: ActionRequest) -> None:
    """Open the form that opens a case because of it; nothing that was written goes along."""
    prompted = await request.look(see_prompted, request.value)
    proposal = propose(request.words, prompted.team, "", request.now)
    view = open_case_form(
        *(request.words, prompted.team, prompted.agencies, proposal),
        asked_by=prompted.asked_by,
        item=request.value,
    )
    await request.open(view)

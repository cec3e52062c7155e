"""Buttons that open a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.errors import NothingHere
from bot.usecases.authorization import enter_team
from bot.usecases.case import see_openable, see_prompted
from handlers.blocks.modal import choose_team
from handlers.case.modals import open_case_form
from handlers.meeting.defaults import propose
from handlers.slack.ids import ViewId
from handlers.slack.requests import Pressed


async def open_case(pressed: Pressed) -> None:
    """Open a case, for the team of the button or the only one."""
    openable = await pressed.look(see_openable)
    if pressed.value:
        openable = [each for each in openable if each[0].id == pressed.value]
    if not openable:
        await pressed.look(lambda uow, actor: enter_team(uow, actor, Action.OPEN_CASE, pressed.value))
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        await pressed.open(choose_team(pressed.words, teams, ViewId.OPEN_CASE))
        return
    team, agencies = openable[0]
    if not agencies:
        raise NothingHere(what="directory")
    proposal = propose(pressed.words, team, "", pressed.services.clock.now())
    await pressed.open(open_case_form(pressed.words, team, agencies, proposal))


async def open_case_from(pressed: Pressed) -> None:
    """«Opprett sak», «Ja, opprett sak»: the usual form; nothing that was written goes along."""
    prompted = await pressed.look(lambda uow, actor: see_prompted(uow, actor, pressed.value))
    proposal = propose(pressed.words, prompted.team, "", pressed.services.clock.now())
    view = open_case_form(
        *(pressed.words, prompted.team, prompted.agencies, proposal),
        asked_by=prompted.asked_by,
        matter=pressed.value,
    )
    await pressed.open(view)

"""Buttons that open a case."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.convening import Urgency
from bot.domain.directory.entities import Agency, Team
from bot.usecases.authorization import enter_team
from bot.usecases.case import see_hasty, see_openable, see_prompted
from handlers.case.acute import acute_form_with_more, of_metadata
from handlers.case.commands import acute_or_team, acute_view, team_or_form
from handlers.case.modals import ANY_TEAM, open_case_form
from handlers.meeting.defaults import propose_asked
from handlers.slack.payloads import Fields, ViewState
from handlers.slack.requests import ActionRequest


async def open_case_by_button(request: ActionRequest) -> None:
    """Open the form that opens a case, for the team of the button or the only one."""
    await request.open(team_or_form(request.words, await _openable(request), "", request.now))


async def acute(request: ActionRequest) -> None:
    """Open the form of an acute case: whom to ask, and when; the rest has a value that the review shows."""
    request.acute = True
    teams = [team for team, _ in await _openable(request)]
    await request.open(await acute_or_team(request, teams))


async def _openable(request: ActionRequest) -> list[tuple[Team, list[Agency]]]:
    openable = await request.look(see_openable)
    if request.value and request.value != ANY_TEAM:
        openable = [each for each in openable if each[0].id == request.value]
    if not openable:
        await request.look(enter_team, Action.OPEN_CASE, request.value)
    return openable


async def acute_more(request: ActionRequest) -> None:
    """Show the form of an acute case with all that can be chosen; what is filled in stays."""
    team_id, _, asked_by = of_metadata(request.value)
    hasty = await request.look(see_hasty, team_id, asked_by)
    filled = Fields(request.view.state if request.view is not None else ViewState())
    await request.open(acute_form_with_more(request.words, hasty, request.value, request.now, filled))


async def open_case_from(request: ActionRequest) -> None:
    """Open the form that opens a case because of it; nothing that was written goes along.

    A request to convene today opens the form of an acute case; one that can wait proposes neither an acute
    case nor a meeting at once.
    """
    prompted = await request.look(see_prompted, request.value)
    if prompted.urgency is Urgency.TODAY:
        view = await acute_view(request, prompted.team.id, request.value, prompted.asked_by)
        await request.open(view)
        return
    proposal = propose_asked(request.words, prompted.team, request.now, prompted.urgency)
    view = open_case_form(
        request.words,
        prompted.team,
        prompted.agencies,
        proposal,
        phase=prompted.phase,
        asked_by=prompted.asked_by,
        item=request.value,
    )
    await request.open(view)

"""Requests that open a case: `/tot sak`, the form of an acute case, and their review."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from bot.domain.case.entities import Case
from bot.domain.convening import Urgency
from bot.usecases import case as cases
from handlers.blocks.modal import View
from handlers.case import modals
from handlers.meeting.defaults import propose_first
from handlers.slack.requests import ActionRequest, Request, SubmissionRequest
from handlers.slack.retry import show_if_open
from handlers.slack.review import ReviewedForm
from handlers.slack.verbs import OfTeam

#: In how many working days a case meets that somebody requested; the others meet at once.
_WORKING_DAYS: dict[Urgency | None, int] = {Urgency.DAYS: 1, Urgency.WEEKS: 5}


async def _form_of(
    request: Request, team_id: str, typed: str, item: str | None = None, *, acute: bool = False
) -> View:
    words, now, shown = request.words, request.now, await request.look(cases.see_case_form, team_id, item)
    if acute or shown.urgency is Urgency.TODAY:
        return modals.acute_form(words, shown, modals.propose_acute(words, shown.team, now), now)
    days = _WORKING_DAYS.get(shown.urgency, 0)
    return modals.open_case_form(words, shown, propose_first(words, shown.team, typed, now, days), now)


OPENER = OfTeam(modals.OPEN_CASE_BUTTON, _form_of)
ACUTE_OPENER = OfTeam(modals.ACUTE_BUTTON, partial(_form_of, acute=True))


async def case_more(request: ActionRequest) -> None:
    """Show the form of an acute case with all fields; what is filled in stays."""
    words, now, shown = request.words, request.now, await _seen(request, request.value)
    proposal = modals.propose_acute(words, shown.team, now)
    await request.open(modals.open_case_form(words, shown, proposal, now, acute=True))


async def _seen(request: Request, metadata: str) -> cases.CaseForm:
    team_id, _, item = metadata.partition("|")
    return await request.look(cases.see_case_form, team_id, item or None)


async def open_case_from(request: ActionRequest) -> None:
    """Open the form for a case that guidance or a request prompted; none of its text is carried along.

    A request to convene today opens the form of an acute case; one that can wait proposes neither an acute
    case nor a meeting at once.
    """
    await request.open(await _form_of(request, "", "", request.value))


#: Seconds for which the receipt is kept up to date, and between two checks for the room.
_FOLLOWED, _BETWEEN = 6.0, 0.1


async def opened(request: SubmissionRequest, command: cases.OpenCase, case: Case) -> None:
    """Show how many are asked, wherever the form was opened, and link to the room as soon as it exists."""
    file, channel_id = await request.look(cases.see_opened, case.id)
    await request.replace(modals.opened_notice(request.words, file))
    until = time.monotonic() + _FOLLOWED
    while channel_id is None and time.monotonic() < until:
        await asyncio.sleep(_BETWEEN)
        _, channel_id = await request.look(cases.see_opened, case.id)
    if channel_id is not None:
        view = modals.opened_notice(request.words, file, channel_id)
        await show_if_open(request.services.client, request.window, view)


async def _read(request: SubmissionRequest) -> cases.OpenCase:
    """Return the command from either form; not by annotations, since the two have different fields."""
    return modals.read_case(request.fields, await _seen(request, request.metadata))


OPENING = ReviewedForm(
    cases.OPEN_CASE,
    modals.open_case_review,
    modals.ASK_OTHER,
    opened,
    read=_read,
)

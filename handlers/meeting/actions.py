"""Buttons that call a meeting."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.meeting import proposed_time
from bot.usecases.authorization import enter_case, enter_meeting
from handlers.meeting.defaults import at_time, propose_next, sensible
from handlers.meeting.modals import Proposal, call_form, proposal_of
from handlers.slack.requests import ActionRequest


async def next_meeting(request: ActionRequest) -> None:
    """Open the form that calls the next meeting."""
    here = await request.look(enter_case, Action.CALL_MEETING, request.value)
    proposal = propose_next(request.words, here.file, "", request.now)
    await request.open(call_form(request.words, here.file, proposal, request.now))


async def proposed_meeting(request: ActionRequest) -> None:
    """Open the form that calls the next meeting at the time the rhythm proposes, where the last one was."""
    here, last = await request.look(enter_meeting, Action.CALL_MEETING, request.value)
    now, was = request.now, proposal_of(last, last.note)
    at = proposed_time(here.file, last, now) or sensible(here.file.team, now)
    proposal = Proposal(at, was.minutes, place=was.place, link=was.link)
    proposal = at_time(request.words, here.file.team, proposal, at, now)
    await request.open(call_form(request.words, here.file, proposal, request.now))

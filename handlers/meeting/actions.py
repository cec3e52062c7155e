"""Buttons that call a meeting."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.meeting import proposed_time
from bot.usecases.authorization import enter_case, enter_meeting
from handlers.meeting.defaults import propose, sensible
from handlers.meeting.modals import Proposal, call_form, proposal_of
from handlers.slack.requests import Pressed


async def next_meeting(pressed: Pressed) -> None:
    """Call the next meeting."""
    here = await pressed.look(lambda uow, actor: enter_case(uow, actor, Action.CALL_MEETING, pressed.value))
    proposal = propose(pressed.words, here.file.team, "", pressed.services.clock.now())
    await pressed.open(call_form(pressed.words, here.file, proposal))


async def proposed_meeting(pressed: Pressed) -> None:
    """Open the form of the next meeting at the time that the rhythm proposes, where the last one was."""
    here, last = await pressed.look(
        lambda uow, actor: enter_meeting(uow, actor, Action.CALL_MEETING, pressed.value)
    )
    now, was = pressed.services.clock.now(), proposal_of(last)
    at = proposed_time(here.file, last, now) or sensible(here.file.team, now)
    proposal = Proposal(at, was.minutes, place=was.place, link=was.link)
    await pressed.open(call_form(pressed.words, here.file, proposal))

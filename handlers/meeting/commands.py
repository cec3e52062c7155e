"""`/tot møte`, `/tot flytt`, `/tot avlys`: call one more meeting, move it, call it off."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.meeting import see_callable, see_movable
from handlers.meeting.defaults import at_time, mark_of, propose, propose_next
from handlers.meeting.modals import call_form, cancel_form, choose_meeting, move_form, proposal_of
from handlers.slack.requests import CommandRequest


async def call_meeting(request: CommandRequest) -> None:
    """Call a meeting; text after the word is read as a time."""
    here = await request.look(see_callable, request.channel)
    proposal = propose_next(request.words, here.file, request.rest, request.now)
    await request.open(call_form(request.words, here.file, proposal, request.now))


async def move_meeting(request: CommandRequest) -> None:
    """Move a meeting, or change its note; text after the word is read as a time.

    Of several meetings, one is chosen first.
    """
    here, ahead = await request.look(see_movable, request.channel, Action.MOVE_MEETING)
    file, now = here.file, request.now
    if len(ahead) > 1:
        await request.open(choose_meeting(request.words, file, ahead, mark_of(file.team, request.rest, now)))
        return
    proposal = proposal_of(ahead[0], ahead[0].note)
    if request.rest:
        asked = propose(request.words, file.team, request.rest, now)
        starts_at = proposal.starts_at if asked.refused else asked.starts_at
        proposal = at_time(request.words, file.team, proposal, starts_at, now)
        proposal = replace(proposal, refused=asked.refused)
    await request.open(move_form(request.words, file, ahead[0], proposal, now))


async def cancel_meeting(request: CommandRequest) -> None:
    """Call a meeting off.

    The form shows who is told.
    """
    here, ahead = await request.look(see_movable, request.channel, Action.CANCEL_MEETING)
    await request.open(cancel_form(request.words, here.file, ahead))

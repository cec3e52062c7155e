"""`/tot møte`, `/tot flytt`, `/tot avlys`: call one more meeting, move it, call it off."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.meeting import see_callable, see_movable
from handlers.meeting.defaults import mark_of, propose
from handlers.meeting.modals import call_form, cancel_form, choose_meeting, move_form, proposal_of
from handlers.slack.requests import Typed


async def call_meeting(typed: Typed) -> None:
    """Open the form, with the time that was typed."""
    here = await typed.look(lambda uow, actor: see_callable(uow, actor, typed.channel))
    now = typed.services.clock.now()
    await typed.open(call_form(typed.words, here.file, propose(typed.words, here.file.team, typed.rest, now)))


async def move_meeting(typed: Typed) -> None:
    """Open the form with the meeting as it stands, at the time typed; of several, one is chosen first."""
    here, ahead = await typed.look(
        lambda uow, actor: see_movable(uow, actor, typed.channel, Action.MOVE_MEETING)
    )
    file, now = here.file, typed.services.clock.now()
    if len(ahead) > 1:
        await typed.open(choose_meeting(typed.words, file, ahead, mark_of(file.team, typed.rest, now)))
        return
    proposal = proposal_of(ahead[0])
    if typed.rest:
        asked = propose(typed.words, file.team, typed.rest, now)
        starts_at = proposal.starts_at if asked.refused else asked.starts_at
        proposal = replace(proposal, starts_at=starts_at, refused=asked.refused)
    await typed.open(move_form(typed.words, file, ahead[0], proposal))


async def cancel_meeting(typed: Typed) -> None:
    """Open the form that shows who is told."""
    here, ahead = await typed.look(
        lambda uow, actor: see_movable(uow, actor, typed.channel, Action.CANCEL_MEETING)
    )
    await typed.open(cancel_form(typed.words, here.file, ahead))

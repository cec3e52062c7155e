"""`/tot flytt`: move a meeting."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action
from bot.usecases.meetings import see_movable
from handlers.blocks.modals.meetings import choose_meeting, move_form, proposal_of
from handlers.encounters import Typed
from handlers.proposals import mark_of, propose


async def run(typed: Typed) -> None:
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

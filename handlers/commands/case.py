"""`/tot sak`: open a case."""

from __future__ import annotations

from bot.domain.errors import NothingHere
from bot.usecases.open_case import see_openable
from handlers.blocks.modals.case import choose_team, open_case_form
from handlers.encounters import Typed
from handlers.ids import ViewId
from handlers.proposals import mark_of, propose


async def run(typed: Typed) -> None:
    """Open the form; who coordinates several teams chooses one first."""
    openable = await typed.look(see_openable)
    now = typed.services.clock.now()
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        mark = mark_of(teams[0], typed.rest, now)
        await typed.open(choose_team(typed.words, teams, ViewId.OPEN_CASE, mark))
        return
    team, agencies = openable[0]
    if not agencies:
        raise NothingHere(what="directory")
    await typed.open(open_case_form(typed.words, team, agencies, propose(typed.words, team, typed.rest, now)))

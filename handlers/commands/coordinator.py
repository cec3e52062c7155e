"""`/tot koordinator`: who coordinates; appoint and relieve."""

from __future__ import annotations

from bot.usecases.keep_coordinators import see_coordinators
from handlers.blocks.modals.case import choose_team
from handlers.blocks.modals.people import coordinators_form
from handlers.encounters import Typed
from handlers.ids import ViewId


async def run(typed: Typed) -> None:
    """Open the form; who coordinates several teams chooses one first."""
    teams = await typed.look(see_coordinators)
    if len(teams) > 1:
        await typed.open(choose_team(typed.words, [team for team, _ in teams], ViewId.APPOINT))
        return
    team, coordinators = teams[0]
    await typed.open(coordinators_form(typed.words, team, coordinators))

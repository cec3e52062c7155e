"""`/tot sak`: open a case."""

from __future__ import annotations

from bot.domain.errors import NothingHere
from bot.usecases.case import see_openable
from handlers.blocks.modal import choose_team
from handlers.case.modals import open_case_form
from handlers.meeting.defaults import mark_of, propose
from handlers.slack.ids import ViewId
from handlers.slack.requests import Typed


async def open_case(typed: Typed) -> None:
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

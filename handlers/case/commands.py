"""`/tot sak`: open a case."""

from __future__ import annotations

from bot.domain.errors import NothingHere
from bot.usecases.case import see_openable
from handlers.blocks.modal import choose_team
from handlers.case.modals import OPEN_CASE, open_case_form
from handlers.meeting.defaults import mark_of, propose
from handlers.slack.requests import CommandRequest


async def open_case(request: CommandRequest) -> None:
    """Open a case, ask its agencies, call the first meeting; text after the word is read as a time.

    Who coordinates several teams chooses one first.
    """
    openable = await request.look(see_openable)
    now = request.services.clock.now()
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        mark = mark_of(teams[0], request.rest, now)
        await request.open(choose_team(request.words, teams, OPEN_CASE, mark))
        return
    team, agencies = openable[0]
    if not agencies:
        raise NothingHere(what="directory")
    await request.open(
        open_case_form(request.words, team, agencies, propose(request.words, team, request.rest, now))
    )

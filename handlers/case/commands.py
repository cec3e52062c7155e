"""`/tot sak`: open a case; and the form of an acute case, whichever way somebody comes to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.directory.entities import Agency, Team
from bot.domain.errors import NothingHere
from bot.texts.words import Words
from bot.usecases.case import see_hasty, see_openable
from handlers.blocks.modal import View, choose_team
from handlers.case.acute import ACUTE, acute_form, metadata_of
from handlers.case.modals import OPEN_CASE_FORM, open_case_form
from handlers.meeting.defaults import mark_of, propose_first
from handlers.slack.requests import CommandRequest, Request


async def open_case(request: CommandRequest) -> None:
    """Open a case, ask its agencies, call the first meeting; text after the word is read as a time.

    Who coordinates several teams chooses one first.
    """
    openable = await request.look(see_openable)
    await request.open(team_or_form(request.words, openable, request.rest, request.now))


def team_or_form(
    words: Words, openable: Sequence[tuple[Team, list[Agency]]], text: str, now: datetime
) -> View:
    if len(openable) > 1:
        teams = [team for team, _ in openable]
        return choose_team(words, teams, OPEN_CASE_FORM, mark_of(teams[0], text, now))
    team, agencies = openable[0]
    if not agencies:
        raise NothingHere(what="directory")
    return open_case_form(words, team, agencies, propose_first(words, team, text, now))


async def acute_or_team(request: Request, teams: Sequence[Team]) -> View:
    """The form of an acute case; who coordinates several teams chooses one first."""
    if len(teams) > 1:
        return choose_team(request.words, list(teams), ACUTE)
    return await acute_view(request, teams[0].id)


async def acute_view(
    request: Request, team_id: str, item: str | None = None, asked_by: str | None = None
) -> View:
    hasty = await request.look(see_hasty, team_id, asked_by)
    return acute_form(request.words, hasty, metadata_of(hasty.team.id, item, asked_by), request.now)

"""`/tot sak`: open a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.directory.entities import Agency, Team
from bot.domain.errors import NothingHere
from bot.texts.words import Words
from bot.usecases.case import see_openable
from handlers.blocks.modal import View, choose_team
from handlers.case.modals import OPEN_CASE_FORM, open_case_form
from handlers.meeting.defaults import mark_of, propose
from handlers.slack.requests import CommandRequest


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
    return open_case_form(words, team, agencies, propose(words, team, text, now))

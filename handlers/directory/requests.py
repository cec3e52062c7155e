"""`/tot tjeneste`, `koordinator`, `hvem`: keep an agency, change coordinators, see who can do what."""

from __future__ import annotations

from bot.usecases.directory.agencies import (
    ask_page,
    see_agencies,
    see_agency,
    see_own_contact,
    see_roster,
)
from bot.usecases.directory.coordinators import see_coordinators
from handlers.blocks.modal import View
from handlers.directory import modals
from handlers.directory.roster import matching, roster_answer
from handlers.slack.requests import CommandRequest, Request
from handlers.slack.verbs import OfTeam, drawn
from handlers.slack.vocabulary import named, normal


async def keep_agency(request: CommandRequest) -> None:
    """Keep an agency's contacts, absences and duty line.

    A coordinator keeps all and adds new ones, a leader their own, a contact their own absence; text after
    the word names the agency.
    """
    agencies, own, teams = await request.look(see_agencies)
    likely = named(request.rest, {a.id: a.shown_name for a in agencies})
    if not agencies and not teams:
        view = await drawn(request, see_own_contact, modals.absence, own[0].id)
    elif likely is None:
        view = modals.choose_agency(request.words, agencies, own, teams)
    else:
        view = await drawn(request, see_agency, modals.agency_form, likely)
    await request.open(view)


async def _coordinators(request: Request, team_id: str, _: str) -> View:
    return await drawn(request, see_coordinators, modals.coordinators_form, team_id)


COORDINATORS = OfTeam(modals.COORDINATORS_OF, _coordinators)


_PRINT = ("utskrift", "print")
#: The most characters that are searched for; longer than any name.
_LONGEST = 100


async def show_roster(request: CommandRequest) -> None:
    """See who can do what, who is on call now and next, duty lines.

    Text after the word chooses among the agencies, and is never repeated; `hvem utskrift` gives a page to
    print.
    """
    if normal(request.rest) in _PRINT:
        await page(request)
        return
    rosters = await request.look(see_roster)
    wanted = request.rest[:_LONGEST].casefold().split()
    found = matching(request.words, rosters, wanted) if wanted else rosters
    matched = bool(found) if wanted else None
    answer = roster_answer(request.words, found or rosters, matched=matched)
    await request.answer(request.words("command.roster.choice"), answer.blocks)


async def page(request: CommandRequest) -> None:
    """Order the page of `hvem` to print."""
    await request.act(ask_page)
    await request.answer(request.words("roster.page-comes"))

"""`/tot tjeneste`, `koordinator`, `hvem`: keep an agency, see and change coordinators, who can what."""

from __future__ import annotations

from bot.usecases.directory.agencies import see_agencies, see_agency
from bot.usecases.directory.coordinators import see_coordinators
from bot.usecases.directory.roster import AskPage, ask_page, see_roster
from handlers.blocks.modal import choose_team
from handlers.directory.modals import APPOINT, absence, agency_form, choose_agency, coordinators_form
from handlers.directory.roster import matching, roster_answer
from handlers.directory.submissions import own_contact
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest, CommandRequest
from handlers.slack.vocabulary import named, normal


async def keep_agency(request: CommandRequest) -> None:
    """Keep an agency's contacts, absences and duty line.

    A coordinator keeps all and adds new ones, a leader their own, a contact their own absence; text after
    the word names the agency.
    """
    agencies, own, teams = await request.look(see_agencies)
    if not agencies and not teams:
        contact, today = await request.look(own_contact)
        await request.open(absence(request.words, contact, today))
        return
    likely = named(request.rest, {a.id: a.shown_name for a in agencies})
    if likely is None:
        await request.open(choose_agency(request.words, agencies, teams, contact=bool(own)))
        return
    sheet = await request.look(see_agency, likely)
    await request.open(agency_form(request.words, sheet))


async def keep_coordinators(request: CommandRequest) -> None:
    """See, appoint and relieve coordinators.

    Who coordinates several teams chooses one first.
    """
    teams = await request.look(see_coordinators)
    if len(teams) > 1:
        await request.open(choose_team(request.words, [team for team, _ in teams], APPOINT))
        return
    team, coordinators = teams[0]
    await request.open(coordinators_form(request.words, team, coordinators))


_PRINT = frozenset(
    normal(word) for word in ("utskrift", "skrivut", "print", "printout", "papir", "side", "utskrifta")
)
#: Longer than any name; what follows in an endless text is not looked at.
_LONGEST = 100


async def show_roster(request: CommandRequest) -> None:
    """See who can what, who is on call now and next, duty lines.

    Text after the word chooses among the agencies, and is never repeated; `hvem utskrift` gives a page to
    print.
    """
    if normal(request.rest) in _PRINT:
        await request.act(ask_page, AskPage())
        await request.answer(request.words("roster.page-comes"))
        return
    rosters = await request.look(see_roster)
    wanted = request.rest[:_LONGEST].casefold().split()
    found = matching(request.words, rosters, wanted) if wanted else rosters
    matched = bool(found) if wanted else None
    answer = roster_answer(request.words, found or rosters, matched=matched)
    await request.answer(request.words("roster.title"), answer.blocks)


async def page(request: ActionRequest) -> None:
    """Have the page to print of `hvem` sent."""
    if request.value != "print":
        raise Unreadable
    await request.act(ask_page, AskPage())
    await request.tell(request.words("roster.page-comes"))

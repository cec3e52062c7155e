"""`/tot etat`, `koordinator`, `hvem`: keep an agency, see and change coordinators, who can what."""

from __future__ import annotations

from bot.usecases.directory.agencies import see_agencies, see_agency
from bot.usecases.directory.coordinators import see_coordinators
from bot.usecases.directory.roster import AskPage, ask_page, see_roster
from handlers.blocks.modal import choose_team
from handlers.directory.modals import absence, agency_form, choose_agency, coordinators_form
from handlers.directory.roster import matching, roster_answer
from handlers.directory.submissions import own_contact
from handlers.slack.ids import ViewId
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import Pressed, Typed
from handlers.slack.vocabulary import named, normal


async def keep_agency(typed: Typed) -> None:
    """Open the agency that was named or is the only one; a contact who keeps none opens their own absence."""
    agencies, own = await typed.look(see_agencies)
    if not agencies:
        contact, today = await typed.look(own_contact)
        await typed.open(absence(typed.words, contact, today))
        return
    likely = named(typed.rest, {a.id: a.shown_name for a in agencies})
    if likely is None:
        await typed.open(choose_agency(typed.words, agencies, contact=bool(own)))
        return
    sheet = await typed.look(lambda uow, actor: see_agency(uow, actor, likely))
    await typed.open(agency_form(typed.words, sheet))


async def keep_coordinators(typed: Typed) -> None:
    """Open the form; who coordinates several teams chooses one first."""
    teams = await typed.look(see_coordinators)
    if len(teams) > 1:
        await typed.open(choose_team(typed.words, [team for team, _ in teams], ViewId.APPOINT))
        return
    team, coordinators = teams[0]
    await typed.open(coordinators_form(typed.words, team, coordinators))


_PRINT = frozenset(
    normal(word) for word in ("utskrift", "skrivut", "print", "printout", "papir", "side", "utskrifta")
)
#: Longer than any name; what follows in an endless text is not looked at.
_LONGEST = 100


async def show_roster(typed: Typed) -> None:
    """Answer the person alone; words choose among the agencies, and are never repeated."""
    if normal(typed.rest) in _PRINT:
        await typed.act(ask_page, AskPage())
        await typed.answer(typed.words("roster.page-comes"))
        return
    rosters = await typed.look(see_roster)
    wanted = typed.rest[:_LONGEST].casefold().split()
    found = matching(typed.words, rosters, wanted) if wanted else rosters
    matched = bool(found) if wanted else None
    answer = roster_answer(typed.words, found or rosters, matched=matched)
    await typed.answer(answer.text, answer.blocks)


async def page(pressed: Pressed) -> None:
    """«Side til utskrift»."""
    if pressed.value != "print":
        raise Unreadable
    await pressed.act(ask_page, AskPage())
    await pressed.tell(pressed.words("roster.page-comes"))

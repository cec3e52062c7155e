"""`/tot tjeneste`, `koordinator`, `hvem`: keep an agency, change coordinators, see who can do what."""

from __future__ import annotations

from datetime import date

from bot.domain.access import Action
from bot.domain.directory.entities import Contact, Person
from bot.domain.errors import Refusal, Refused
from bot.usecases.authorization import enter_agency, enter_team
from bot.usecases.directory.agencies import (
    add_agency,
    ask_page,
    keep_contact,
    see_absence,
    see_agencies,
    see_agency,
    see_roster,
    set_absence,
    today_of,
)
from bot.usecases.directory.coordinators import change_coordinators, see_coordinators
from bot.usecases.ports import UnitOfWork
from handlers.answers.messages import NAME_DEPUTY
from handlers.blocks.context import escape
from handlers.blocks.elements import VIEW_BLOCKS, button, section
from handlers.blocks.modal import View, done_notice
from handlers.deputies.modals import which
from handlers.directory import modals
from handlers.directory.roster import matching, roster_answer
from handlers.slack.chosen_people import check_chosen
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.verbs import OfTeam, carry_out, drawn
from handlers.slack.vocabulary import named, normal


async def keep_agency(request: CommandRequest) -> None:
    """Keep an agency's contacts, absences and duty line.

    A coordinator keeps all and adds new ones, a leader their own, a contact their own absence; text after
    the word names the agency.
    """
    agencies, own, teams = await request.look(see_agencies)
    if not agencies and not teams:
        await request.open(modals.absence(request.words, *await request.look(own_contact)))
        return
    likely = named(request.rest, {a.id: a.shown_name for a in agencies})
    if likely is None:
        await request.open(modals.choose_agency(request.words, agencies, teams, contact=bool(own)))
        return
    sheet = await request.look(see_agency, likely)
    await request.open(modals.agency_form(request.words, sheet))


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
        await request.act(ask_page)
        await request.answer(request.words("roster.page-comes"))
        return
    rosters = await request.look(see_roster)
    wanted = request.rest[:_LONGEST].casefold().split()
    found = matching(request.words, rosters, wanted) if wanted else rosters
    matched = bool(found) if wanted else None
    answer = roster_answer(request.words, found or rosters, matched=matched)
    await request.answer(request.words("command.roster.choice"), answer.blocks)


async def page(request: ActionRequest) -> None:
    """Order the page of `hvem` to print."""
    if request.value != "print":
        raise Unreadable
    await request.act(ask_page)
    await request.answer(request.words("roster.page-comes"))


def own_contact(uow: UnitOfWork, actor: Person) -> tuple[Contact, date]:
    """Return the first of the person's own contacts, whose absence holds for all of them, and today."""
    _, own, _ = see_agencies(uow, actor)
    agency_id = own[0].agency_id if own else ""
    agency, _ = enter_agency(uow, actor, Action.SET_ABSENCE, agency_id, owner=actor.id)
    return own[0], today_of(uow, agency)


async def chosen(request: SubmissionRequest) -> None:
    """Show the form of the chosen agency, of a new one, or of one's own absence."""
    agency_id = request.fields.needed("agency", str)
    if agency_id == modals.OWN_ABSENCE:
        await request.replace(modals.absence(request.words, *await request.look(own_contact)))
        return
    if agency_id.startswith(modals.ADD):
        team = await request.look(enter_team, Action.ADD_AGENCY, agency_id.removeprefix(modals.ADD))
        await request.replace(modals.new_agency_form(request.words, team))
        return
    sheet = await request.look(see_agency, agency_id)
    await request.replace(modals.agency_form(request.words, sheet))


async def new_agency(request: SubmissionRequest) -> None:
    """Add an agency, then show its form, for the contacts."""
    agency = await carry_out(request, add_agency)
    await request.replace(modals.agency_form(request.words, await request.look(see_agency, agency.id)))


async def what(request: SubmissionRequest) -> None:
    words, wanted = request.words, request.fields.needed("what", str)
    sheet = await request.look(see_agency, request.metadata)
    if wanted == modals.LINE:
        await request.push(modals.duty_line_form(words, sheet))
        return
    contact = next((c for c in sheet.contacts if c.id == wanted), None)
    if contact is None and wanted != modals.NEW:
        raise Refused(Refusal.NO_LONGER_ASKED)
    await request.push(modals.contact_form(words, sheet, contact))


async def contact(request: SubmissionRequest) -> None:
    """Keep a new or changed contact."""
    # Somebody who may not keep the agency must not learn here what kind of account a person has.
    await request.look(see_agency, request.metadata.partition("|")[0])
    await check_chosen(request, "person")
    kept = await carry_out(request, keep_contact)
    await _meetings_in_absence(request, kept.id)


async def own_absence(request: SubmissionRequest) -> None:
    await carry_out(request, set_absence)
    await _meetings_in_absence(request, request.metadata)


async def _meetings_in_absence(request: SubmissionRequest, contact_id: str) -> None:
    last = request.fields.get("away_until", date)
    words, found = request.words, await request.look(see_absence, contact_id)
    saved = words("modal.absence.saved", last=words.day(last)) if last is not None else words("modal.saved")
    if not found:
        await request.done(saved)
        return
    view = done_notice(words, f"{saved} {words('modal.absence.fall')}", clears=True)
    view["blocks"] += [
        section(
            escape(which(words, file, ask)),
            accessory=button(words("command.deputy.choice"), NAME_DEPUTY, ask.id),
        )
        for file, ask in found[: VIEW_BLOCKS - 1]
    ]
    await request.replace(view)


async def coordinators(request: SubmissionRequest) -> None:
    """Appoint and relieve; an app, a deactivated account or a guest cannot coordinate."""
    await request.look(enter_team, Action.KEEP_COORDINATORS, request.metadata)
    await check_chosen(request, "appoint", guests=False)
    await carry_out(request, change_coordinators)
    await request.done()

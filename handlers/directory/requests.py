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
from handlers.slack.verbs import OfTeam, drawn, read_fields
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


COORDINATORS = OfTeam(Action.KEEP_COORDINATORS, modals.COORDINATORS_OF, _coordinators)


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
    agency_id = request.fields.needed("agency")
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
    filled_in = read_fields(add_agency, request.fields)
    agency = await request.act(add_agency, request.metadata, **filled_in)
    await request.replace(modals.agency_form(request.words, await request.look(see_agency, agency.id)))


async def what(request: SubmissionRequest) -> None:
    words, wanted = request.words, request.fields.needed("what")
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
    filled_in = read_fields(keep_contact, request.fields)
    agency_id, _, contact_id = request.metadata.partition("|")
    # Somebody who may not keep the agency must not learn here what kind of account a person has.
    await request.look(see_agency, agency_id)
    if filled_in["person"] is not None:
        await check_chosen(request, "person", filled_in["person"])
    kept = await request.act(keep_contact, agency_id, contact_id, **filled_in)
    await _meetings_in_absence(request, kept.id)


async def own_absence(request: SubmissionRequest) -> None:
    await request.act(set_absence, request.metadata, **read_fields(set_absence, request.fields))
    await _meetings_in_absence(request, request.metadata)


async def _meetings_in_absence(request: SubmissionRequest, contact_id: str) -> None:
    last = request.fields.day("away_until")
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
    filled_in = read_fields(change_coordinators, request.fields)
    if filled_in["appoint"] is not None:
        await check_chosen(request, "appoint", filled_in["appoint"], guests=False)
    await request.act_and_close(change_coordinators, request.metadata, **filled_in)

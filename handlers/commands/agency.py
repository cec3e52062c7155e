"""`/tot etat`: keep an agency, or say that one is away."""

from __future__ import annotations

from bot.usecases.keep_agency import see_agencies, see_agency
from handlers.blocks.modals.agency import absence, agency_form, choose_agency
from handlers.commands.likely import named
from handlers.encounters import Typed
from handlers.views.agency import own_contact


async def run(typed: Typed) -> None:
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

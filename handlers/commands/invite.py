"""`/tot inviter`: involve one more agency."""

from __future__ import annotations

from bot.usecases.invite_agency import see_invitable
from handlers.blocks.modals.agencies import invite_form
from handlers.commands.likely import named
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form, with the agency that was named."""
    here, agencies = await typed.look(lambda uow, actor: see_invitable(uow, actor, typed.channel))
    likely = named(typed.rest, {a.id: a.shown_name for a in agencies})
    await typed.open(invite_form(typed.words, here.file, agencies, likely))

"""`/tot ut`: an agency's part is over."""

from __future__ import annotations

from bot.usecases.release_agency import see_releasable
from handlers.blocks.modals.agencies import release_form
from handlers.commands.likely import named
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Open the form that shows who loses access."""
    here, parts = await typed.look(lambda uow, actor: see_releasable(uow, actor, typed.channel))
    file = here.file
    likely = named(typed.rest, {i.id: file.agencies[i.agency_id].shown_name for i in parts})
    await typed.open(release_form(typed.words, file, parts, likely))

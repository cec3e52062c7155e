"""`/tot inviter`, `/tot ut`: involve one more agency; end an agency's part."""

from __future__ import annotations

from bot.usecases.involvement.agencies import see_invitable, see_releasable
from handlers.involvement.modals import invite_form, release_form
from handlers.slack.requests import Typed
from handlers.slack.vocabulary import named


async def invite_agency(typed: Typed) -> None:
    """Open the form, with the agency that was named."""
    here, agencies = await typed.look(lambda uow, actor: see_invitable(uow, actor, typed.channel))
    likely = named(typed.rest, {a.id: a.shown_name for a in agencies})
    await typed.open(invite_form(typed.words, here.file, agencies, likely))


async def release_agency(typed: Typed) -> None:
    """Open the form that shows who loses access."""
    here, parts = await typed.look(lambda uow, actor: see_releasable(uow, actor, typed.channel))
    file = here.file
    likely = named(typed.rest, {i.id: file.agencies[i.agency_id].shown_name for i in parts})
    await typed.open(release_form(typed.words, file, parts, likely))

"""`/tot inviter`, `/tot ut`: involve one more agency; end an agency's part."""

from __future__ import annotations

from bot.usecases.involvement.agencies import see_invitable, see_releasable
from handlers.involvement.modals import invite_form, release_form
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import named


async def invite_agency(request: CommandRequest) -> None:
    """Ask one more agency, or one that was expected; text after the word names it."""
    here, agencies = await request.look(see_invitable, request.channel)
    likely = named(request.rest, {a.id: a.shown_name for a in agencies})
    await request.open(invite_form(request.words, here.file, agencies, likely))


async def release_agency(request: CommandRequest) -> None:
    """End an agency's part.

    The form shows who loses access.
    """
    here, parts = await request.look(see_releasable, request.channel)
    file = here.file
    likely = named(request.rest, {i.id: file.agencies[i.agency_id].shown_name for i in parts})
    await request.open(release_form(request.words, file, parts, likely))

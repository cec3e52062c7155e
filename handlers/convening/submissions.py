"""Forms of a request to convene."""

from __future__ import annotations

from bot.domain.convening import NotConvened, Urgency
from bot.usecases.convening import AskToConvene, Decline, ask_to_convene, decline_to_convene
from handlers.convening.modals import ANOTHER
from handlers.slack.payloads import member
from handlers.slack.requests import SubmissionRequest


async def convening_asked(request: SubmissionRequest) -> None:
    """Who asks that TOT convenes, and how urgent it is."""
    fields = request.fields
    agency = fields.needed("agency")
    command = AskToConvene(
        request.metadata or fields.needed("team"),
        None if agency == ANOTHER else agency,
        member(Urgency, fields.needed("urgency")),
        fields.text("note"),
    )
    await request.act(ask_to_convene, command)
    await request.done(request.words("modal.convene.done"))


async def convening_declined(request: SubmissionRequest) -> None:
    """Why not."""
    reason = member(NotConvened, request.fields.needed("reason"))
    await request.act(decline_to_convene, Decline(request.metadata, reason))
    await request.done()

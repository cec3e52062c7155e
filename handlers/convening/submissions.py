"""Forms of a request to convene."""

from __future__ import annotations

from bot.domain.convening import NotConvened, Urgency
from bot.usecases.convening import AskToConvene, Decline, ask_to_convene, decline_to_convene
from handlers.convening.modals import ANOTHER
from handlers.slack.payloads import member
from handlers.slack.requests import Submitted


async def convening_asked(submitted: Submitted) -> None:
    """Who asks that TOT convenes, and how urgent it is."""
    fields = submitted.fields
    agency = fields.needed("agency")
    command = AskToConvene(
        submitted.metadata or fields.needed("team"),
        None if agency == ANOTHER else agency,
        member(Urgency, fields.needed("urgency")),
        fields.text("note"),
    )
    await submitted.act(ask_to_convene, command)
    await submitted.done(submitted.words("modal.convene.done"))


async def convening_declined(submitted: Submitted) -> None:
    """Why not."""
    reason = member(NotConvened, submitted.fields.needed("reason"))
    await submitted.act(decline_to_convene, Decline(submitted.metadata, reason))
    await submitted.done()

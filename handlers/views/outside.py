"""The forms about what is asked outside a case."""

from __future__ import annotations

from bot.domain.convening import NotConvened, Urgency
from bot.usecases.convening.ask_to_convene import AskToConvene, ask_to_convene
from bot.usecases.convening.decide import Decline, decline_to_convene
from bot.usecases.guidance.answer_guidance import (
    AnswerGuidance,
    InviteToTalk,
    answer_guidance,
    invite_to_talk,
)
from bot.usecases.guidance.ask_guidance import AskGuidance, ask_guidance
from bot.usecases.guidance.close_guidance import CloseGuidance, close_guidance
from handlers.blocks.modals.convening import ANOTHER
from handlers.encounters import Submitted
from handlers.payloads import member


async def guidance_asked(submitted: Submitted) -> None:
    """The question."""
    fields = submitted.fields
    team_id = submitted.metadata or fields.needed("team")
    command = AskGuidance(team_id, fields.needed("theme"), fields.text("text"))
    await submitted.act(ask_guidance, command)
    await submitted.done(submitted.words("modal.guidance.done"))


async def guidance_answered(submitted: Submitted) -> None:
    """The answer."""
    await submitted.act(answer_guidance, AnswerGuidance(submitted.metadata, submitted.fields.text("text")))
    await submitted.done()


async def talk_proposed(submitted: Submitted) -> None:
    """When to talk."""
    await submitted.act(invite_to_talk, InviteToTalk(submitted.metadata, submitted.fields.moment("at")))
    await submitted.done()


async def guidance_closed(submitted: Submitted) -> None:
    """The theme under which it is closed."""
    command = CloseGuidance(submitted.metadata, submitted.fields.needed("theme"))
    await submitted.act(close_guidance, command)
    await submitted.done()


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

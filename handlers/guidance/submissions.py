"""Forms of guidance."""

from __future__ import annotations

from bot.usecases.guidance import (
    AnswerGuidance,
    AskGuidance,
    CloseGuidance,
    InviteToTalk,
    answer_guidance,
    ask_guidance,
    close_guidance,
    invite_to_talk,
)
from handlers.slack.requests import Submitted


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

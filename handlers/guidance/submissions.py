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
from handlers.slack.requests import SubmissionRequest


async def guidance_asked(request: SubmissionRequest) -> None:
    fields = request.fields
    team_id = request.metadata or fields.needed("team")
    await request.act(ask_guidance, AskGuidance(team_id, fields.needed("theme"), fields.text("text")))
    await request.done(request.words("modal.guidance.done"))


async def guidance_answered(request: SubmissionRequest) -> None:
    await request.act_and_close(
        answer_guidance, AnswerGuidance(request.metadata, request.fields.text("text"))
    )


async def talk_proposed(request: SubmissionRequest) -> None:
    await request.act_and_close(invite_to_talk, InviteToTalk(request.metadata, request.fields.moment("at")))


async def guidance_closed(request: SubmissionRequest) -> None:
    command = CloseGuidance(request.metadata, request.fields.needed("theme"))
    await request.act_and_close(close_guidance, command)

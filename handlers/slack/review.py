"""«Se over og send», the same for everything that tells people something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.domain.errors import NotAllowed, ReviewOutdated
from bot.texts.words import Words
from bot.usecases.review import ReviewedCommand, ReviewedDraft, Send, keep_draft, review_draft, send_draft
from handlers.slack.requests import SubmissionRequest

C = TypeVar("C")
R = TypeVar("R")
#: Builds the review from the words, the metadata of the view, and what was reviewed.
Shown = Callable[[Words, str, ReviewedDraft[C, R]], dict[str, Any]]


def metadata_of(reviewed: ReviewedDraft[C, R]) -> str:
    """Return the private_metadata of a review: the draft's id, and a digest of the people shown."""
    return f"{reviewed.draft_id}.{reviewed.seen}"


def _send_of(metadata: str) -> Send:
    draft_id, _, seen = metadata.partition(".")
    if not draft_id or not seen:
        raise NotAllowed
    return Send(draft_id, seen)


async def review(
    request: SubmissionRequest, step: ReviewedCommand[C, R], command: C, shown: Shown[C, R]
) -> None:
    """Keep what is filled in and show it before it is sent."""
    reviewed = await request.write(lambda uow, actor: keep_draft(uow, actor, step, request.view_id, command))
    await request.push(shown(request.words, metadata_of(reviewed), reviewed))


async def send(request: SubmissionRequest, step: ReviewedCommand[C, R], shown: Shown[C, R]) -> None:
    """Send what was reviewed; if it would now tell others than those shown, show it again instead."""
    sent = _send_of(request.metadata)
    try:
        await request.act(lambda uow, actor, it: send_draft(uow, actor, step, it), sent)
    except ReviewOutdated as error:
        reviewed = await request.look(lambda uow, actor: review_draft(uow, actor, step, sent.draft_id))
        view = shown(request.words, metadata_of(reviewed), reviewed)
        view["blocks"].insert(0, _changed(request.words, error))
        await request.replace(view)
        return
    await request.done()


def _changed(words: Words, error: ReviewOutdated) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words(error.code)}}

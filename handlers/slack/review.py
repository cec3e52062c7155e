"""«Se over og send», the same for everything that tells people something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.domain.errors import NotAllowed, ReviewOutdated
from bot.texts.words import Words
from bot.usecases.review import Reviewed, Send, Step, keep_draft, review_draft, send_draft
from handlers.slack.requests import Submitted

C = TypeVar("C")
R = TypeVar("R")
#: Builds the review from the words, the metadata of the view, and what was reviewed.
Shown = Callable[[Words, str, Reviewed[C, R]], dict[str, Any]]


def metadata_of(reviewed: Reviewed[C, R]) -> str:
    """What a review's view carries: the draft's id, and a digest of the people shown."""
    return f"{reviewed.draft_id}.{reviewed.seen}"


def _send_of(metadata: str) -> Send:
    draft_id, _, seen = metadata.partition(".")
    if not draft_id or not seen:
        raise NotAllowed
    return Send(draft_id, seen)


async def review(submitted: Submitted, step: Step[C, R], command: C, shown: Shown[C, R]) -> None:
    """Keep what is filled in and show it before it is sent."""
    reviewed = await submitted.write(
        lambda uow, actor: keep_draft(uow, actor, step, submitted.view_id, command)
    )
    await submitted.push(shown(submitted.words, metadata_of(reviewed), reviewed))


async def send(submitted: Submitted, step: Step[C, R], shown: Shown[C, R]) -> None:
    """Send what was reviewed; if it would now tell others than those shown, show it again instead."""
    sent = _send_of(submitted.metadata)
    try:
        await submitted.act(lambda uow, actor, it: send_draft(uow, actor, step, it), sent)
    except ReviewOutdated as error:
        reviewed = await submitted.look(lambda uow, actor: review_draft(uow, actor, step, sent.draft_id))
        view = shown(submitted.words, metadata_of(reviewed), reviewed)
        view["blocks"].insert(0, _changed(submitted.words, error))
        await submitted.replace(view)
        return
    await submitted.done()


def _changed(words: Words, error: ReviewOutdated) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words(error.code)}}

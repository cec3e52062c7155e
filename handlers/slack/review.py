"""«Se over og send», the same for everything that tells people something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.domain.directory.entities import Person
from bot.domain.errors import NotAllowed, ReviewOutdated
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand, ReviewedDraft, Send, keep_draft, review_draft, send_draft
from handlers.slack.requests import SubmissionRequest
from handlers.slack.resume import form_to_keep, unfinished_form

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ReviewedForm(Generic[C, R]):
    """A form whose command is shown with its consequences before it is sent.

    `show` makes the view from the request, the metadata of the view, and what was reviewed.
    """

    command: ReviewedCommand[C, R]
    show: Callable[[SubmissionRequest, str, ReviewedDraft[C, R]], dict[str, Any]]

    async def review(self, request: SubmissionRequest, command: C) -> None:
        form = form_to_keep(request.form, request.now.date())

        def kept(uow: UnitOfWork, actor: Person) -> ReviewedDraft[C, R]:
            reviewed = keep_draft(uow, actor, self.command, request.view_id, command)
            unfinished_form(uow, actor, request.view_id, form)
            return reviewed

        reviewed = await request.write(kept)
        await request.push(self._view(request, reviewed))

    async def act_unless(
        self, request: SubmissionRequest, command: C, doubtful: Callable[[R], bool]
    ) -> R | None:
        """Carry it out at once and return its review; if that is `doubtful`, show it before it is sent."""
        found = await request.look(self.command.review, command)
        if doubtful(found):
            await self.review(request, command)
            return None
        await request.act(
            lambda uow, actor, it: self.command.act(uow, actor, it, self.command.review(uow, actor, it)),
            command,
        )
        return found

    async def send(self, request: SubmissionRequest) -> None:
        """Send what was reviewed; if it would now tell others than those shown, show it again instead."""
        sent = _send_of(request.metadata)
        try:
            await request.act(lambda uow, actor, it: send_draft(uow, actor, self.command, it), sent)
        except ReviewOutdated as error:
            view = self._view(request, await request.look(review_draft, self.command, sent.draft_id))
            view["blocks"].insert(0, _changed(request.words, error))
            await request.replace(view)
            return
        await request.done()

    def _view(self, request: SubmissionRequest, reviewed: ReviewedDraft[C, R]) -> dict[str, Any]:
        """The review; its private_metadata is the draft's id, and a digest of the people shown."""
        return self.show(request, f"{reviewed.draft_id}.{reviewed.seen}", reviewed)


def _send_of(metadata: str) -> Send:
    draft_id, _, seen = metadata.partition(".")
    if not draft_id or not seen:
        raise NotAllowed
    return Send(draft_id, seen)


def _changed(words: Words, error: ReviewOutdated) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words(error.code)}}

"""«Se over og send», the review shared by all acts that tell people something.

Where the form has `other`, it says until when a person is muted in Slack, with the number to ring, and
somebody else can be chosen for each human who would be asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Generic, TypeVar

from bot.domain.errors import Refusal, Refused, refuse
from bot.texts.words import Words
from bot.usecases.involvement.summons import AskPreview, Chosen
from bot.usecases.review import (
    ReviewedCommand,
    ReviewedDraft,
    change_draft,
    keep_draft,
    review_draft,
    send_draft,
)
from handlers.blocks.choosing import UNLISTED, choose_form, other_form, unlisted_form
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, context, lines, section
from handlers.blocks.modal import CallbackId, Drawing, View, line_blocks
from handlers.blocks.people import mention
from handlers.delivery.muted import muted_until
from handlers.slack.chosen_people import check_chosen
from handlers.slack.requests import ActionRequest, Request, SubmissionRequest
from handlers.slack.resume import form_to_keep
from handlers.slack.verbs import Readers, asked_for, read_command

#: Most lines listed as new when the review has changed.
_MOST_NEW = 5
C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ReviewedForm(Generic[C, R]):
    """A form whose command is shown with its consequences, in a review, before it is sent.

    The command is read by `read`, or by `read_command` with `about` and `readers`. `show` draws the review
    from the words and its metadata, and may take `command`, `review`, `now` and `by_mail`. `sent` tells the
    sender that it is done, from the command and the act's result; without it the form closes.

    `other` is the button that chooses another person of an agency to ask. The review then has the `team` and
    the people who would be `told`, and the command keeps those `chosen`, by agency id.
    """

    command: ReviewedCommand[C, R]
    show: Drawing[...]
    other: ActionId | None = None
    sent: Callable[[SubmissionRequest, C, Any], Awaitable[None]] | None = None
    about: tuple[str, ...] = ()
    readers: Readers = field(default_factory=dict)
    read: Callable[[SubmissionRequest], Awaitable[C]] | None = None

    async def filled_in(self, request: SubmissionRequest) -> None:
        """Show the review of what is filled in."""
        if self.read is not None:
            command = await self.read(request)
        else:
            command = read_command(self.command.command, request, self.about, self.readers)
        key, form = str(request.window), form_to_keep(request.form, request.now.date())
        reviewed = await request.write(
            lambda uow, actor: keep_draft(uow, actor, self.command, key, command, form)
        )
        await request.push(await self._view(request, reviewed))

    async def send(self, request: SubmissionRequest) -> None:
        """Send what was reviewed; if it now names other people, or warns of more, show it again instead."""
        draft_id, _, seen = request.metadata.partition(".")

        def digest(it: ReviewedDraft[C, R]) -> str:
            return _digest(request.words, it, self._drawn(request, it))

        try:
            command, done = await request.act(send_draft, self.command, draft_id, seen, digest)
        except Refused as error:
            if error.why is not Refusal.REVIEW_OUTDATED:
                raise
            view = await self._view(request, await request.look(review_draft, self.command, draft_id))
            await request.replace(_changed(request.words, error, view, request.form))
            return
        if self.sent is not None:
            await self.sent(request, command, done)
        else:
            await request.done()

    async def choose(self, request: ActionRequest) -> None:
        """Open the choice of whom to ask for an agency, in place of the review."""
        draft_id, _, agency_id = request.value.partition("|")
        form, told = await self._told(request, draft_id, agency_id)
        await request.open(choose_form(request.words, form, request.value, told))

    async def chosen(self, request: SubmissionRequest) -> None:
        """Put the chosen person in the draft, and show the review again; fill in an unlisted person first."""
        draft_id, _, agency_id = request.metadata.partition("|")
        form, told = await self._told(request, draft_id, agency_id)
        fields, who = request.fields, request.fields.option("who")
        if "account" in request.inputs:
            await check_chosen(request, "account", guests=False)
            work_mail, line, title = map(fields.text, ("work_mail", "line", "title"))
            chosen = Chosen(None, fields.get("account", str), work_mail, line, title)
        elif who == UNLISTED:
            await request.replace(unlisted_form(request.words, form, request.metadata, told))
            return
        else:
            chosen = Chosen(who)

        def choosing(command: Any) -> Any:
            return replace(command, chosen=tuple({**dict(command.chosen), agency_id: chosen}.items()))

        reviewed = await request.write(
            lambda uow, actor: change_draft(uow, actor, self.command, draft_id, choosing)
        )
        await request.replace(await self._view(request, reviewed))

    async def _told(self, request: Request, draft_id: str, agency_id: str) -> tuple[CallbackId, AskPreview]:
        """Return the form of choice and the people of one agency who would be told."""
        if self.other is None:
            raise Refused(Refusal.NOT_ALLOWED)
        review: Any = (await request.look(review_draft, self.command, draft_id)).review
        found = next((t for t in review.told if t.agency.id == agency_id and t.can_choose), None)
        return other_form(self.other), found or refuse(Refusal.NOT_ALLOWED)

    def _drawn(self, request: Request, reviewed: ReviewedDraft[C, R]) -> View:
        """Return the review, with all people who would be told in Slack."""
        known = {
            "command": reviewed.command,
            "review": reviewed.review,
            "now": request.now,
            "by_mail": request.services.by_mail,
        }
        view = self.show(request.words, reviewed.draft_id, **asked_for(self.show, known))
        named = str(view["blocks"])
        others = [m for p in reviewed.told if (m := mention(request.words, p)) not in named]
        if others:
            listed = (f"• {each}" for each in others)
            view["blocks"][-1:-1] = line_blocks(request.words("modal.review.others"), *listed)
        return view

    async def _view(self, request: Request, reviewed: ReviewedDraft[C, R]) -> View:
        """Return the review; its private_metadata is the draft's id and the digest of what is shown."""
        view = self._drawn(request, reviewed)
        view["private_metadata"] = f"{reviewed.draft_id}.{_digest(request.words, reviewed, view)}"
        if self.other is not None:
            view["blocks"][-1:-1] = await _muted(request, reviewed.review)
        return view


async def _muted(request: Request, review: Any) -> list[Block]:
    """Return blocks that say who of the people to be told is muted in Slack, until when, and the number."""
    by_slack = {
        t.person.slack_id: t
        for t in review.told
        if t.person is not None and t.person.slack_id is not None and not t.by_coordinator
    }
    until = await muted_until(request.services.client, by_slack, request.now)
    words = request.words
    blocks = []
    for slack_id, ends in until.items():
        if ends is None:
            continue
        t = by_slack[slack_id]
        own = t.unlisted.line if t.unlisted is not None else ""
        line = own or t.agency.duty_line
        key = "said.own-line" if own else "said.duty-line" if line else "said.no-line"
        said = words(
            "modal.review.muted",
            agency=escape(t.agency.shown_name),
            who=mention(words, t.person),
            until=words.clock(ends, review.team.time_zone),
            line=words(key, line=escape(line or "")),
        )
        blocks.append(section(said))
    if None in until.values():
        blocks.append(context(words("modal.review.mute-unknown")))
    return blocks


def _digest(words: Words, reviewed: ReviewedDraft[Any, Any], view: View) -> str:
    """Return a hash of the people who would be told, what the review says about each, and its warnings."""
    said = (*sorted(person.id for person in reviewed.told), *_lines(words, view["blocks"]))
    return sha256("\n".join(said).encode()).hexdigest()[:16]


def _changed(words: Words, error: Refused, view: View, before: Mapping[str, Any]) -> View:
    """Return the review with the reason why it is shown again, and its new people and warnings.

    Both are at the top and at the foot: a window keeps its scroll position, and «Send» is at the foot.
    """
    known = set(_lines(words, before.get("blocks") or []))
    new = [line for line in _lines(words, view["blocks"]) if line not in known][:_MOST_NEW]
    said, nothing_yet = section(lines(words(error.code), *new)), section(words("modal.review.nothing-yet"))
    return view | {"blocks": [said, *(block for block in view["blocks"] if block != nothing_yet), said]}


def _lines(words: Words, blocks: Sequence[Block]) -> list[str]:
    """Return the lines of a review that are list items or warnings, except that the meeting is soon.

    That one comes by the clock alone.
    """
    texts = (str((block.get("text") or {}).get("text", "")) for block in blocks)
    found = (line for text in texts for line in text.split("\n") if line != words("warn.soon"))
    return [line for line in found if line.startswith(("• ", ":warning:"))]

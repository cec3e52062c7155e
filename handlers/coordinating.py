"""Which of several coordinators has a case, and the button with which another takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import coordinating
from bot.domain.access import Action
from bot.domain.notifications import Kind
from bot.usecases.coordinating import take_case
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import ActionId, button, lines, section
from handlers.slack.declarations import Button, Subject
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Group, Place

TAKE_CASE = ActionId("take_case", "case")


def holder_blocks(ctx: RenderContext, meeting_id: str | None = None) -> list[Block]:
    """To one of several coordinators: the holder of the case, and the button that takes it over.

    With a meeting: also when the next coordinator is alerted about whom to ring for it, until the holder says
    that they ring. Empty for a case with one coordinator, and for others.
    """
    said = holder_text(ctx, meeting_id)
    if said is None:
        return []
    return [section(said, accessory=take(ctx, meeting_id))]


def holder_text(ctx: RenderContext, meeting_id: str | None = None) -> str | None:
    """To one of several coordinators: «Kari har saken», and who is asked to take it over."""
    file, people = ctx.file, coordinating.in_order(ctx.file)
    asked = coordinating.offered_to(file)
    if not formatting.for_coordinator(ctx) or not file.open or (len(people) < 2 and asked is None):
        return None
    mine = ctx.recipient is not None and ctx.recipient.id == people[0]
    who = formatting.mention(file, people[0]) or ctx.words("said.coordinator")
    said = ctx.words("coordinating.you") if mine else ctx.words("coordinating.other", coordinator=who)
    if asked is not None:
        to = formatting.mention(file, asked) or ctx.words("said.coordinator")
        said = lines(said, ctx.words("coordinating.asked", coordinator=to))
    at = _awaited(ctx, people, meeting_id) if mine else None
    if at is None or at <= ctx.now:
        return said
    following = formatting.mention(file, people[1]) or ctx.words("said.coordinator")
    when = ctx.words.by(at, ctx.zone)
    return lines(said, ctx.words("coordinating.next", coordinator=following, when=when))


def take(ctx: RenderContext, meeting_id: str | None = None) -> Block | None:
    """Return the button; the holder of the case gets it only until they say that they ring."""
    if ctx.recipient is None:
        return None
    people = coordinating.in_order(ctx.file)
    if ctx.recipient.id not in people[:1]:
        return button(ctx.words("press.take-over"), TAKE_CASE, ctx.file.case.id)
    if _awaited(ctx, people, meeting_id) is None:
        return None
    return button(ctx.words("press.on-it"), TAKE_CASE, ctx.file.case.id)


def _awaited(ctx: RenderContext, people: Sequence[str], meeting_id: str | None) -> datetime | None:
    """Return when the next coordinator is alerted about whom to ring, unless the holder is at it already."""
    asked = Kind.CALL_LIST, meeting_id or ""
    if len(people) < 2 or coordinating.acted_since_newest(ctx.file, *asked):
        return None
    return coordinating.alerted_at(ctx.file, *asked, people[1])


def to_take(ctx: RenderContext) -> str | None:
    """Return the case's id, unless the reader already has the case."""
    reader = ctx.recipient.id if ctx.recipient is not None else None
    return ctx.file.case.id if coordinating.in_charge(ctx.file) != reader else None


COORDINATING = Subject(
    "coordinating",
    verbs=(Button(TAKE_CASE, Action.TAKE_CASE, tap(take_case), place=Place("press.take-over", to_take)),),
    group=Group.CASE,
)

"""Which of several coordinators has a case, and the button with which another takes it over."""

from __future__ import annotations

from functools import partial

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
    """`holder`, as blocks."""
    return [section(said, accessory=press) for said, press in [holder(ctx, meeting_id)] if said]


def holder(ctx: RenderContext, meeting_id: str | None = None) -> tuple[str | None, Block | None]:
    """To one of several coordinators: «Kari har saken», who is asked to take it over, and the button for it.

    With a meeting: also when the next coordinator is alerted about whom to ring for it, until the holder says
    that they ring. Nothing for a case with one coordinator, and for others.
    """
    file, people, words = ctx.file, coordinating.in_order(ctx.file), ctx.words
    asked = coordinating.offered_to(file)
    if not formatting.for_coordinator(ctx) or not file.open or (len(people) < 2 and asked is None):
        return None, None
    named = partial(formatting.mention_or_coordinator, ctx)
    mine = ctx.reader.id == people[0]
    said = words("coordinating.you") if mine else words("coordinating.other", coordinator=named(people[0]))
    if asked is not None:
        said = lines(said, words("coordinating.asked", coordinator=named(asked)))
    if not mine:
        return said, button(words("press.take-over"), TAKE_CASE, file.case.id)
    calls = Kind.CALL_LIST, meeting_id or ""
    at = coordinating.alerted_at(file, *calls, people[1]) if len(people) > 1 else None
    if at is None or coordinating.acted_since_newest(file, *calls):
        return said, None
    if at > ctx.now:
        when = words.by(at, ctx.zone)
        said = lines(said, words("coordinating.next", coordinator=named(people[1]), when=when))
    return said, button(words("press.on-it"), TAKE_CASE, file.case.id)


def to_take(ctx: RenderContext) -> str | None:
    """Return the case's id, unless the reader already has the case."""
    return ctx.file.case.id if coordinating.in_charge(ctx.file) != ctx.reader.id else None


COORDINATING = Subject(
    verbs=(Button(TAKE_CASE, Action.TAKE_CASE, tap(take_case), place=Place("press.take-over", to_take)),),
    group=Group.CASE,
)

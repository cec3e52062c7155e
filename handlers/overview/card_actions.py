"""Needs and their owners, actions, and dates on the card. All actions are behind a button."""

from __future__ import annotations

from collections import Counter

from bot.domain.actions import needs_in_order, open_actions, overdue, owner_of
from bot.domain.case.actions import CaseAction, Outcome
from bot.domain.case.dates import Placement
from bot.domain.dates import open_placements
from handlers.actions import messages as actions_messages
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import actions, button, context, lines, section, sections
from handlers.blocks.formatting import Part
from handlers.dates.messages import placed, who_lacks
from handlers.involvement.messages import CHOICES

#: The most actions listed for one agency, first due first.
_MOST_OF_AGENCY = 3


def needs(ctx: RenderContext) -> Part:
    """Each need and its owner; needs without an owner come first, in red, with a button that takes them."""
    words, file = ctx.words, ctx.file
    found = needs_in_order(file)
    if not found:
        return []
    nobodys = [n for n in found if owner_of(file, n) is None]
    rows = []
    for need in nobodys:
        press = button(words("press.take-need"), actions_messages.TAKE_NEED, need.id)
        rows.append([section(actions_messages.taken(words, file, need), accessory=press)])
    listed = [actions_messages.taken(words, file, n) for n in found if n not in nobodys]
    title = words("card.needs")
    if not rows:
        return [[section(lines(title, *listed))]]
    return [[section(title)], *rows, [section(lines(*listed))] if listed else []]


def doing(ctx: RenderContext) -> Part:
    """The open actions by agency, agencies with late ones first; then how ended actions ended."""
    words, file = ctx.words, ctx.file
    found = open_actions(file)
    how_many = actions_messages.how_many(words, file, ctx.now)
    owners = actions_messages.by_owner(file, found).items()
    groups = [
        _of_agency(ctx, id, theirs) for id, theirs in sorted(owners, key=lambda each: not _late(ctx, each[1]))
    ]
    text = "\n".join([words("card.actions", how_many=how_many), *groups]) if how_many else ""
    ended = _ended(ctx)
    return [*([each] for each in sections(text)), [context(ended)] if ended else []]


def dates(ctx: RenderContext) -> list[Block]:
    """The placements and reflection periods; in red those that are over, and agencies that are missing."""
    words, file = ctx.words, ctx.file
    day = file.team.day_of(ctx.now)
    found = [_placement(ctx, p) for p in open_placements(file)]
    for each in file.deadlines:
        if each.live and each.person is not None:
            key = "card.reflection" if each.due_on >= day else "card.reflection-over"
            found.append(words(key, person=each.person, day=words.day(each.due_on)))
    return [section(lines(*found))] if found else []


def _placement(ctx: RenderContext, placement: Placement) -> str:
    over = placement.ends_on < ctx.file.team.day_of(ctx.now)
    return lines(placed(ctx.words, placement, over=over), who_lacks(ctx, placement))


def _late(ctx: RenderContext, theirs: list[CaseAction]) -> int:
    return sum(overdue(ctx.file, action, ctx.now) for action in theirs)


def _of_agency(ctx: RenderContext, involvement_id: str, theirs: list[CaseAction]) -> str:
    words, file = ctx.words, ctx.file
    shown = [f"• {actions_messages.line(words, file, a, ctx.now)}" for a in theirs[:_MOST_OF_AGENCY]]
    left = len(theirs) - len(shown)
    if left:
        shown[-1] = f"{shown[-1]} {words.count('said.more', left)}"
    return lines(actions_messages.owner(words, file, involvement_id), *shown)


def _ended(ctx: RenderContext) -> str | None:
    """The number of actions done, not possible, and not done: the last two are told apart."""
    counted = Counter(a.outcome for a in ctx.file.actions if a.outcome is not None)
    if not counted:
        return None
    said = [f"{counted[o]} {ctx.words(f'outcome.{o}')}" for o in Outcome if counted[o]]
    return ctx.words("card.ended-actions", how=" · ".join(said))


def buttons(ctx: RenderContext) -> Block:
    """The buttons for everybody in the room: «Valg», agree an action, see all actions."""
    words, case_id = ctx.words, ctx.file.case.id
    found = [
        button(words("press.choices"), CHOICES, case_id, primary=True),
        button(words("command.actions.choice"), actions_messages.AGREE_ACTION, case_id),
    ]
    if open_actions(ctx.file):
        found.append(button(words("press.actions"), actions_messages.ACTIONS, case_id))
    return actions(*found)

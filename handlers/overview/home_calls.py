"""Home's «Ring disse»: whom a coordinator has to ring for the meetings ahead, as the message has it.

It stands here too, where it is found when direct messages are many, and while the bot is down.
"""

from __future__ import annotations

from handlers.answers.calls import calls
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import context, header, section
from handlers.overview.home_model import HomeModel

#: Of the 100 blocks of a view: rows of the list, the line of each meeting among them.
MOST_CALLS = 14


def to_ring(model: HomeModel, contexts: list[RenderContext]) -> list[Block]:
    """The list of each case's next meeting, soonest first; nothing where nobody has to be rung."""
    words, found = model.words, []
    for ctx in contexts:
        meeting = ctx.file.next_meeting(ctx.now)
        rows = calls(ctx, meeting, ringing_alone=True) if meeting is not None else []
        if meeting is not None and rows:
            named = {"code": formatting.code(ctx), "when": formatting.when(ctx, meeting)}
            found.append((meeting.starts_at, [section(words("home.to-ring", **named)), *rows]))
    if not found:
        return []
    blocks = [block for _, each in sorted(found, key=lambda item: item[0]) for block in each]
    left = len(blocks) - MOST_CALLS
    more = [context(words.count("said.more", left))] if left > 0 else []
    return [header(words("home.calls")), *blocks[:MOST_CALLS], *more]

"""Home's «Ring disse»: whom a coordinator has to ring for coming meetings, as in the message.

Home has it too, so that it is found among many direct messages, and while the bot is down.
"""

from __future__ import annotations

from bot.domain import answers
from bot.domain.case.entities import Meeting
from handlers.answers.calls import calls
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext, escape
from handlers.blocks.elements import context, section
from handlers.blocks.formatting import Part
from handlers.overview.home_model import HomeModel


def to_ring(model: HomeModel) -> Part:
    """The calls for each case's next meeting, soonest first, and the numbers of the other agencies asked."""
    words, found, ringing = model.words, [], False
    for ctx in map(model.seen, model.led):
        meeting = ctx.file.next_meeting(ctx.now)
        if meeting is None:
            continue
        rows, others = calls(ctx, meeting), _others(ctx, meeting)
        if rows or others:
            when = words.by(meeting.starts_at, ctx.zone)
            heading = section(words("home.to-ring", code=formatting.code(ctx), when=when))
            found.append((meeting.starts_at, [[heading], *([row] for row in (*rows, *others))]))
            ringing = ringing or bool(rows)
    rows_in_order = [row for _, each in sorted(found, key=lambda item: item[0]) for row in each]
    return formatting.titled(words("home.calls" if ringing else "home.phones"), rows_in_order)


def _others(ctx: RenderContext, meeting: Meeting) -> list[Block]:
    """The duty lines of the other agencies asked: while the bot is down, nothing tells who is silent."""
    ringing = {call.duty.involvement_id for call in answers.calls(ctx.file, meeting)}
    parts = [d.involvement_id for d in answers.duties_to_meet(ctx.file, meeting)]
    told = []
    for id in (id for id in parts if id not in ringing):
        agency, lead = ctx.file.agency_of(id), ctx.file.lead(id)
        line = ctx.file.own_line(agency.id, lead.person_id if lead else None) or agency.duty_line
        if line:
            told.append(f"{ctx.agency(agency)} {escape(line)}")
    return [context(ctx.words("home.numbers", numbers=" · ".join(told)))] if told else []

"""Say which request a receipt is about: somebody asked in two cases reads «nothing more to do» under both."""

from __future__ import annotations

from bot.domain.case.entities import Ask, Seat
from bot.domain.case.file import CaseFile
from handlers.blocks import formatting
from handlers.blocks.context import RenderContext


def by_seat(file: CaseFile, ask: Ask, seat: Seat) -> bool:
    """Return whether the ask is to this seat's person, for its agency, and to a meeting of the seat."""
    theirs = (ask.person_id, file.part_of(ask)) == (seat.person_id, seat.involvement_id)
    return theirs and seat.meeting_id in (None, ask.meeting_id)


def of_which(ctx: RenderContext, seat: Seat) -> str:
    """The code, if they have confirmed, otherwise the time of the meeting that they were told.

    They learn nothing about a time that has changed since. Who was asked for several agencies reads which.
    """
    parts = {s.involvement_id for s in ctx.file.seats if s.person_id == seat.person_id} - {None}
    agency = ctx.agency(ctx.file.agency_of(seat.involvement_id or ""))
    return f"{_which(ctx, seat)} ({agency})" if len(parts) > 1 else _which(ctx, seat)


def _which(ctx: RenderContext, seat: Seat) -> str:
    if seat.confirmed:
        return ctx.words("receipt.of-case", code=formatting.code(ctx))
    file = ctx.file
    asks = [a for a in file.asks if a.withdrawn_at is not None and by_seat(file, a, seat)]
    last = max((a.withdrawn_at for a in asks if a.withdrawn_at is not None), default=None)
    known = [
        meeting.starts_at
        for a in asks
        if a.withdrawn_at == last and (meeting := file.meeting(a.meeting_id)).sequence == a.sequence
    ]
    if not known:
        return ctx.words("receipt.of-request")
    return ctx.words("receipt.of-meeting", when=ctx.words.when(min(known), ctx.zone))


def spared(ctx: RenderContext, ask: Ask) -> str:
    """To a deputy who need not come: the meeting at the time they were told, even if it has moved since."""
    meeting = ctx.file.meeting(ask.meeting_id)
    before = meeting.moved_from if ask.sequence != meeting.sequence else None
    when = ctx.words.when(before or meeting.starts_at, ctx.zone)
    return ctx.words("acknowledgement.spared", team=formatting.team(ctx), when=when)

"""Messages to somebody who is out of a case, or may be."""

from __future__ import annotations

from bot.domain.actions import open_actions
from bot.domain.case.entities import Involvement, Seat, SeatEnd
from bot.domain.notifications import At, Kind
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import ActionId, actions, button
from handlers.blocks.formatting import short_message
from handlers.delivery.declarations import CaseMessage
from handlers.on_record import closing_blocks

LEFT_OVER = ActionId("left_over", "seat")
LEFT_STAYS = ActionId("left_stays", "seat")


def part_over(ctx: RenderContext, involvement: Involvement) -> Message:
    """To somebody whose part is over: which case, and whether it is closed.

    The case is named only by its code, which those who confirmed know: it is no longer theirs. If it was
    closed, the agency can still say here that it is on record.
    """
    file, reader = ctx.file, ctx.reader
    seats = [s for s in file.seats if s.person_id == reader.id and s.involvement_id == involvement.id]
    named = {"team": formatting.team(ctx), "code": formatting.code(ctx)}
    if reader.id in file.room_people():
        text = ctx.words("notice.part-over-still", coordinator=formatting.coordinator(ctx), **named)
    elif not any(s.acknowledged_at is not None for s in seats):
        text = ctx.words("acknowledgement.withdrawn", team=named["team"])
    else:
        text = ctx.words(
            "notice.part-over",
            over=_what_is_over(ctx, involvement, seats),
            room=ctx.words(f"notice.part-over-{'inside' if file.room.kick_refused else 'out'}"),
            calendar=_calendar_of_part(ctx, reader.id, seats),
            actions=_actions_of_part(ctx, seats),
            coordinator=formatting.opener(ctx),
        )
    return short_message(text, *closing_blocks(ctx))


def _what_is_over(ctx: RenderContext, part: Involvement, seats: list[Seat]) -> str:
    """Name what was over when they left: the case, the agency's part, or theirs; for a deputy, a meeting."""
    last = max(seats, key=lambda s: s.ended_at or s.asked_at)
    named = {"code": formatting.code(ctx), "team": formatting.team(ctx)}
    as_deputy = {SeatEnd.MEETING_REGISTERED: "deputy", SeatEnd.NOT_NEEDED: "spared"}
    if last.meeting_id is not None and last.end in as_deputy:
        when = formatting.when(ctx, ctx.file.meeting(last.meeting_id))
        return ctx.words(f"notice.part-over-{as_deputy[last.end]}", team=named["team"], when=when)
    if last.end is SeatEnd.CASE_CLOSED:
        return ctx.words("notice.part-over-closed", **named)
    over = "agency" if part.ended_at == last.ended_at else "what"
    return ctx.words(f"notice.part-over-{over}", **named)


def _calendar_of_part(ctx: RenderContext, reader: str, seats: list[Seat]) -> str:
    """Return how meetings still ahead when the part ended leave the calendar; empty if there were none."""
    file, parts = ctx.file, {s.involvement_id for s in seats}
    ended = max(s.ended_at for s in seats if s.ended_at is not None)
    ahead = any(
        a.person_id == reader
        and file.part_of(a) in parts
        and a.withdrawn_at is not None
        and a.withdrawn_at >= ended
        and file.meeting(a.meeting_id).starts_at > ended
        for a in file.asks
    )
    if not ahead:
        return ""
    key = "entry.by-mail" if formatting.told_by_mail(file, reader) else "entry.by-hand"
    return f" {ctx.words(key)}"


def _actions_of_part(ctx: RenderContext, seats: list[Seat]) -> str:
    """Say that nobody reminds of the agency's open actions now; empty if it has none, or the case goes on."""
    parts = {s.involvement_id for s in seats if ctx.file.left_by_closing(s)}
    left = not ctx.file.open and any(a.involvement_id in parts for a in open_actions(ctx.file))
    return f" {ctx.words('notice.part-over-actions')}" if left else ""


def seat_left(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a seat holder who has left the room: is the part over? Deleted when answered.

    Somebody who is there for several agencies is asked about each, by its name.
    """
    file, part = ctx.file, seat.involvement_id
    if seat.left_at is None or ctx.notification.params != At(seat.left_at) or not file.opens_room(seat):
        return None
    text = ctx.words("notice.seat-left", code=formatting.code(ctx))
    if part is not None and any(s != seat and file.opens_room(s) for s in file.seats_of(seat.person_id)):
        named = {"code": formatting.code(ctx), "agency": ctx.agency(file.agency_of(part))}
        text = ctx.words("notice.seat-left-one", **named)
    return short_message(
        text,
        actions(
            button(ctx.words("press.left-stays"), LEFT_STAYS, seat.id),
            button(ctx.words("press.left-over"), LEFT_OVER, seat.id),
        ),
    )


NOTIFICATIONS = (
    CaseMessage(Kind.PART_OVER, part_over),
    CaseMessage(Kind.SEAT_LEFT, seat_left),
)

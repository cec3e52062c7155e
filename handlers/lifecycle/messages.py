"""Messages about the pauses of a case, and its end."""

from __future__ import annotations

from bot.domain.case.entities import Case, Pause
from bot.domain.notifications import Kind
from bot.domain.on_record import goes_from
from bot.domain.overview import reminder_plan
from bot.usecases.news import unreachable_parts
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.formatting import short_message, way_to_room
from handlers.delivery.declarations import CaseMessage
from handlers.lifecycle import unrecorded
from handlers.meeting.messages import next_meeting

WAIT = ActionId("wait", "case")
TAKE_UP = ActionId("take_up", "pause")


def waits_line(ctx: RenderContext) -> str | None:
    """On the card: the case is on hold, until when, and who makes contact. Only coordinators see why."""
    pause = ctx.file.pause
    return _who_makes_contact(ctx, pause, "pause.card") if pause is not None else None


def _who_makes_contact(ctx: RenderContext, pause: Pause, key: str, **more: str) -> str:
    """The text with the day and the agency; once that is out of the case, the coordinator makes contact."""
    stays = any(part.id == pause.involvement_id for part in ctx.file.current())
    who = ctx.agency(ctx.file.agency_of(pause.involvement_id)) if stays else formatting.coordinator(ctx)
    return ctx.words(key, day=ctx.words.day(pause.contact_on), who=who, **more)


def to_take_up(ctx: RenderContext) -> str | None:
    """Return the pause's id, while the case waits."""
    return ctx.file.pause.id if ctx.file.pause is not None else None


def case_waits(ctx: RenderContext, pause: Pause) -> Message:
    """To the room: the case waits. Deleted when the case goes on."""
    return Message([section(_who_makes_contact(ctx, pause, "pause.room"))])


def contact_due(ctx: RenderContext, pause: Pause) -> Message:
    """On the day: to the agency that makes contact, and to the coordinators."""
    if formatting.for_coordinator(ctx):
        reason = ctx.words(f"standstill.{pause.reason}")
        text = _who_makes_contact(ctx, pause, "pause.due-coordinator", reason=reason)
        said = lines(ctx.words("pause.due-case", code=formatting.code(ctx)), text)
        wait = button(ctx.words("press.wait"), WAIT, ctx.file.case.id)
        take_up = button(ctx.words("press.take-up"), TAKE_UP, pause.id)
        return Message([section(said), actions(next_meeting(ctx), wait, take_up)])
    text = ctx.words("pause.due", code=formatting.code(ctx), coordinator=formatting.coordinator(ctx))
    return Message([section(text)])


def case_closed(ctx: RenderContext, case: Case) -> Message | None:
    """To the room: the case is closed, and when it is deleted. To a coordinator: whom to tell."""
    goes = goes_from(ctx.file, ctx.file.team.day_of(ctx.now))
    if case.closed_at is None or goes is None:
        return None
    if ctx.recipient is not None:
        return _closed_to_tell(ctx)
    out = "" if ctx.file.room.kick_refused else ctx.words("notice.case-closed-out")
    return short_message(ctx.words("notice.case-closed", out=out, day=ctx.words.day(goes)))


def _closed_to_tell(ctx: RenderContext) -> Message | None:
    parts = unreachable_parts(ctx.file)
    if not parts:
        return None
    named = {"code": formatting.code(ctx), "agencies": formatting.names(ctx, parts)}
    text = ctx.words("notice.case-closed-tell", by=formatting.who_tells(ctx), **named)
    return short_message(text, *unrecorded.to_be_asked(ctx, parts))


def deletion_soon(ctx: RenderContext, case: Case) -> Message | None:
    """To a coordinator: what others have written in the room has to be deleted by hand.

    For a case that is not on record, also for whom deletion waits, and how long. Deleted when the later
    reminder is due.
    """
    if case.delete_on is None or reminder_plan.superseded(ctx.file, ctx.notification, ctx.now):
        return None
    waits = unrecorded.deletion(ctx)
    if waits:
        return Message([*waits, section(lines(ctx.words("notice.deletion-by-hand"), way_to_room(ctx)))])
    named = {"code": formatting.code(ctx), "day": ctx.words.day(case.delete_on)}
    by_hand = ctx.words("notice.deletion-by-hand")
    return short_message(lines(f"{ctx.words('notice.deletion-soon', **named)} {by_hand}", way_to_room(ctx)))


NOTIFICATIONS = (
    CaseMessage(Kind.CASE_WAITS, case_waits),
    CaseMessage(Kind.CONTACT_DUE, contact_due),
    CaseMessage(Kind.CASE_CLOSED, case_closed),
    CaseMessage(Kind.DELETION_SOON, deletion_soon),
)

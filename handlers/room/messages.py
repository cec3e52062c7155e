"""What has happened, said once: to the room, to the coordinators, or to the one it concerns."""

from __future__ import annotations

from bot.domain.directory.entities import Agency
from bot.domain.notification_params import Undelivered
from bot.domain.notifications import Kind, Origin
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import lines
from handlers.blocks.formatting import is_about_case, short_message, way_to_room
from handlers.delivery.declarations import CaseMessage


def intruder(ctx: RenderContext) -> Message | None:
    """To a coordinator, loudly: someone without a right came into the room. Subject: the case."""
    if not is_about_case(ctx) or not formatting.for_coordinator(ctx):
        return None
    text = ctx.words("notice.intruder", code=formatting.code(ctx))
    return short_message(ctx.words("notice.intruder-short"), lines(text, way_to_room(ctx)))


def kick_refused(ctx: RenderContext) -> Message | None:
    """To the room and a coordinator, loudly: Slack refuses the removal. Goes when they are out."""
    if not is_about_case(ctx) or not ctx.file.room.kick_refused:
        return None
    short = ctx.words("notice.kick-refused-short")
    if ctx.recipient is None:
        return short_message(short, ctx.words("notice.kick-refused-room"))
    if not formatting.for_coordinator(ctx):
        return None
    return short_message(
        short, lines(ctx.words("notice.kick-refused", code=formatting.code(ctx)), way_to_room(ctx))
    )


def not_delivered(ctx: RenderContext) -> Message | None:
    """To a coordinator: something will not arrive. Subject: that of what did not arrive."""
    if not formatting.for_coordinator(ctx):
        return None
    lost = ctx.notification.params_as(Undelivered)
    kind, person_id = Kind(lost.kind), lost.recipient
    named = {"what": ctx.words(f"undelivered.{_what(kind)}"), "code": formatting.code(ctx)}
    short = ctx.words("notice.not-delivered-short")
    if person_id is None:
        return short_message(short, ctx.words("notice.not-delivered-room", **named))
    agency = _agency_of_subject(ctx)
    if agency is None:
        if person_id not in ctx.file.persons:
            return None
        person = formatting.mention(ctx.file, person_id) or ctx.words("person.unknown")
        return short_message(short, ctx.words("notice.not-delivered-person", person=person, **named))
    person = formatting.contact(ctx, person_id, agency)
    by_mail = "-mail" if kind is Kind.MAIL_INVITE else ""
    text = ctx.words(f"notice.not-delivered{by_mail}", person=person, agency=ctx.agency(agency), **named)
    return short_message(short, lines(text, formatting.duty_line(ctx, agency)))


def _what(kind: Kind) -> str:
    if kind.origin is Origin.PLAN or kind is Kind.UNANSWERED:
        return "reminder"
    return kind if kind in (Kind.ACKNOWLEDGEMENT, Kind.SUMMONS, Kind.INVITE) else "other"


def _agency_of_subject(ctx: RenderContext) -> Agency | None:
    file, subject = ctx.file, ctx.notification.subject
    ask, seat = file.ask(subject), file.seat(subject)
    if ask is not None:
        return file.agency_of_ask(ask)
    step = next((s for s in file.steps if s.id == subject), None)
    if step is not None:
        return file.agency_of(file.duty(step.duty_id).involvement_id)
    involvement_id = seat.involvement_id if seat is not None else subject
    involvement = formatting.involvement_of(ctx, involvement_id)
    return file.agency_of(involvement.id) if involvement is not None else None


NOTIFICATIONS = (
    CaseMessage(Kind.INTRUDER, intruder),
    CaseMessage(Kind.KICK_REFUSED, kick_refused),
    CaseMessage(Kind.NOT_DELIVERED, not_delivered),
)

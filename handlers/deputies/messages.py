"""Messages about deputies who wait for approval or were refused, and about seats that are handed over."""

from __future__ import annotations

from bot.domain.case.entities import Approval, Ask, Seat, SeatEnd
from bot.domain.deputies import awaits_decision
from bot.domain.notifications import Kind
from handlers.answers.messages import NAME_DEPUTY
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import ActionId, actions, button, section
from handlers.delivery.declarations import CaseMessage
from handlers.involvement.messages import RECORD_ACKNOWLEDGEMENT

APPROVE_DEPUTY = ActionId("approve_deputy", "ask of the deputy")
REFUSE_DEPUTY = ActionId("refuse_deputy", "ask of the deputy")


def deputy_approval(ctx: RenderContext, ask: Ask) -> Message | None:
    """To a coordinator: approve or refuse a deputy; afterwards who did which."""
    if not ctx.file.meeting(ask.meeting_id).live:
        return None
    if awaits_decision(ctx.file, ask, ctx.now):
        return Message(approval_question(ctx, ask))
    if ask.approval is Approval.REFUSED or (ask.approval is Approval.APPROVED and ask.live):
        return Message([section(ctx.words(f"deputy.{ask.approval}", **_named(ctx, ask)))])
    return None


def deputy_waits(ctx: RenderContext, ask: Ask) -> Message | None:
    """To a coordinator: nobody has decided on a deputy yet."""
    if not awaits_decision(ctx.file, ask, ctx.now):
        return None
    return Message(approval_question(ctx, ask, "deputy.waits"))


def approval_question(ctx: RenderContext, ask: Ask, key: str = "deputy.approval") -> list[Block]:
    """The question with its buttons; the caller has checked that it can be decided."""
    return [
        section(ctx.words(key, **_named(ctx, ask))),
        actions(
            button(ctx.words("press.approve"), APPROVE_DEPUTY, ask.id, primary=True),
            button(ctx.words("press.refuse"), REFUSE_DEPUTY, ask.id),
        ),
    ]


def _named(ctx: RenderContext, ask: Ask) -> dict[str, str]:
    file = ctx.file
    agency = file.agency_of_ask(ask)
    by = formatting.contact(ctx, ask.named_by, agency) if ask.named_by else ctx.words("said.coordinator")
    decided = formatting.mention(file, ask.approved_by) or ctx.words("said.coordinator")
    return {
        "agency": ctx.agency(agency),
        "deputy": formatting.asked_one(ctx, ask),
        "by": by,
        "coordinator": decided,
        "code": formatting.code(ctx),
        "when": formatting.when(ctx, file.meeting(ask.meeting_id)),
    }


def deputy_refused(ctx: RenderContext, ask: Ask) -> Message | None:
    """To the person who named a deputy: refused, why, and a button for another. Deleted when one is named.

    A leader reads it too, so it does not say which case it is.
    """
    file, reader, meeting = ctx.file, ctx.reader, ctx.file.meeting(ask.meeting_id)
    principal = file.ask(ask.deputy_for) if ask.deputy_for else None
    stands = meeting.live and principal is not None and principal.live
    if principal is None or not stands or ask.approval is not Approval.REFUSED:
        return None
    if file.deputies_of(principal):
        return None
    part = file.part_of(ask)
    agency = file.agency_of(part)
    if not file.reached_directly(reader.id, part) or not file.involvement(part).live:
        return None
    if principal.person_id != reader.id and not file.leads_agency(reader.id, agency.id):
        return None
    another = button(ctx.words("press.other-deputy"), NAME_DEPUTY, principal.id)
    text = ctx.words("deputy.refused-to-you", **_named(ctx, ask))
    ahead = [actions(another)] if meeting.starts_at > ctx.now else []
    return Message([section(text), *ahead])


def handed_over(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a coordinator: a seat is being handed over, or has been, to the holder of `seat`."""
    file = ctx.file
    old = file.seat(seat.takes_over)
    if old is None or seat.involvement_id is None:
        return None
    rung = "" if file.reaches(seat) else "-ring"
    waits = "handover.waits" if old.live else f"handover.asked{rung}"
    key = "handover.done" if seat.confirmed else waits
    return _handover(ctx, seat, old, key)


def _handover(ctx: RenderContext, seat: Seat, old: Seat, key: str) -> Message:
    agency = ctx.file.agency_of(seat.involvement_id or "")
    text = ctx.words(
        key,
        agency=ctx.agency(agency),
        old=formatting.contact(ctx, old.person_id, agency),
        new=formatting.contact(ctx, seat.person_id, agency),
        code=formatting.code(ctx),
    )
    return Message([section(text), *_to_record(ctx, seat)])


def successor_silent(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a coordinator: the successor in a seat has not confirmed taushetsplikt."""
    old = ctx.file.seat(seat.takes_over)
    return _handover(ctx, seat, old, "handover.silent") if old is not None else None


def _to_record(ctx: RenderContext, seat: Seat) -> list[Block]:
    """The button to record a confirmation, for somebody to whom the bot cannot write."""
    if seat.confirmed or seat.involvement_id is None or ctx.file.reaches(seat):
        return []
    label = ctx.words("press.record-acknowledgement")
    return [actions(button(label, RECORD_ACKNOWLEDGEMENT, seat.id))]


def successor(ctx: RenderContext, seat: Seat) -> Seat | None:
    """Return the seat of a successor who has yet to confirm taushetsplikt."""
    waiting = (s for s in ctx.file.seats if s.live and s.takes_over == seat.id and not s.confirmed)
    return next(waiting, None) if seat.end is not SeatEnd.HANDED_OVER else None


NOTIFICATIONS = (
    CaseMessage(Kind.DEPUTY_APPROVAL, deputy_approval),
    CaseMessage(Kind.DEPUTY_WAITS, deputy_waits),
    CaseMessage(Kind.DEPUTY_REFUSED, deputy_refused),
    CaseMessage(Kind.HANDED_OVER, handed_over),
    CaseMessage(Kind.SUCCESSOR_SILENT, successor_silent),
)

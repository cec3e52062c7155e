"""Messages about deputies who wait for approval or were refused, and about seats that are handed over."""

from __future__ import annotations

from bot.domain.answers import still_asked
from bot.domain.case.entities import Approval, Ask, Seat
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
    decided = formatting.mention_or_coordinator(ctx, ask.approved_by)
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
    file, reader = ctx.file, ctx.reader
    principal = file.ask(ask.deputy_for or "")
    if principal is None or not still_asked(file, principal) or file.deputies_of(principal):
        return None
    theirs = principal.person_id == reader.id or file.leads_agency(reader.id, file.agency_of_ask(ask).id)
    if not theirs or not file.reached_directly(reader.id, file.part_of(ask)):
        return None
    another = button(ctx.words("press.other-deputy"), NAME_DEPUTY, principal.id)
    text = ctx.words("deputy.refused-to-you", **_named(ctx, ask))
    ahead = file.meeting(ask.meeting_id).starts_at > ctx.now
    return Message([section(text), *([actions(another)] if ahead else [])])


def handed_over(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a coordinator: a seat is being handed over, or has been, to the holder of `seat`."""
    old = ctx.file.seat(seat.takes_over)
    asked = "handover.asked" if ctx.file.reaches(seat) else "handover.asked-ring"
    waits = "handover.waits" if old is not None and old.live else asked
    return _handover(ctx, seat, "handover.done" if seat.confirmed else waits)


def successor_silent(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a coordinator: the successor in a seat has not confirmed taushetsplikt."""
    return _handover(ctx, seat, "handover.silent")


def _handover(ctx: RenderContext, seat: Seat, key: str) -> Message | None:
    """Say this of a seat and who had it; if the bot cannot write to its person, with a button to record."""
    old = ctx.file.seat(seat.takes_over)
    if old is None:
        return None
    agency = ctx.file.agency_of(ctx.file.part_of(seat))
    text = ctx.words(
        key,
        agency=ctx.agency(agency),
        old=formatting.contact(ctx, old.person_id, agency),
        new=formatting.contact(ctx, seat.person_id, agency),
        code=formatting.code(ctx),
    )
    if seat.confirmed or ctx.file.reaches(seat):
        return Message([section(text)])
    record = button(ctx.words("press.record-acknowledgement"), RECORD_ACKNOWLEDGEMENT, seat.id)
    return Message([section(text), actions(record)])


NOTIFICATIONS = (
    CaseMessage(Kind.DEPUTY_APPROVAL, deputy_approval),
    CaseMessage(Kind.DEPUTY_WAITS, deputy_waits),
    CaseMessage(Kind.DEPUTY_REFUSED, deputy_refused),
    CaseMessage(Kind.HANDED_OVER, handed_over),
    CaseMessage(Kind.SUCCESSOR_SILENT, successor_silent),
)

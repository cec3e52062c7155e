"""«Ikke vår sak»: the form to say so, and the message to coordinators: the reason, what they can do."""

from __future__ import annotations

from bot.domain.case.entities import Ask, Involvement, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import NotOurs
from bot.domain.notifications import At, Kind
from bot.texts.words import Words
from handlers.blocks import formatting, inputs
from handlers.blocks.context import Block, Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form
from handlers.delivery.declarations import CaseMessage

NOT_OURS = ActionId("not_ours", "seat")
ACCEPT_NOT_OURS = ActionId("accept_not_ours", "involvement")
ASK_AGAIN = ActionId("ask_again", "involvement")
TAKE_BACK_NOT_OURS = ActionId("take_back_not_ours", "seat")


def press(words: Words, seat: Seat | None) -> list[Block]:
    """The button, for a seat that can say so: not a deputy's or a successor's."""
    if seat is None or seat.role is not SeatRole.AGENCY or seat.takes_over:
        return []
    return [button(words("press.not-ours"), NOT_OURS, seat.id)]


def seat_of(file: CaseFile, ask: Ask) -> Seat | None:
    """The agency's seat of the person who is asked; None for a deputy's ask."""
    if ask.deputy_for is not None:
        return None
    part = file.part_of(ask)
    return next((s for s in file.seats_for(part) if s.person_id == ask.person_id), None)


def said(ctx: RenderContext, seat: Seat) -> Message | None:
    """To seat holders of an agency that said «ikke vår sak»: the coordinator now decides."""
    part = ctx.file.involvement(ctx.file.part_of(seat))
    if part.not_ours is None or not seat.live:
        return None
    text = ctx.words(
        "not-ours.said",
        agency=ctx.agency(ctx.file.agency_of(part.id)),
        reason=ctx.words(f"not-ours.{part.not_ours}"),
        coordinator=formatting.coordinator(ctx),
    )
    undo = button(ctx.words("press.take-back-not-ours"), TAKE_BACK_NOT_OURS, seat.id)
    return Message([section(text), actions(undo)])


def not_ours(ctx: RenderContext, part: Involvement) -> Message | None:
    """To the coordinators: who says so and why, with the number. Deleted when it is settled."""
    if part.not_ours_at is None or ctx.notification.params != At(part.not_ours_at):
        return None
    return Message(decision(ctx, part))


def decision(ctx: RenderContext, part: Involvement) -> list[Block]:
    """The question to a coordinator about an agency that says that the case is not theirs."""
    agency = ctx.file.agency_of(part.id)
    said_so = ctx.words(
        "not-ours.told",
        code=formatting.code(ctx),
        agency=ctx.agency(agency),
        person=formatting.contact(ctx, part.not_ours_by or "", agency),
        reason=ctx.words(f"not-ours.{part.not_ours}"),
    )
    return [
        section(lines(said_so, formatting.duty_line(ctx.words, agency), ctx.words("not-ours.then"))),
        actions(
            button(ctx.words("press.accept-not-ours"), ACCEPT_NOT_OURS, part.id),
            button(ctx.words("press.ask-again"), ASK_AGAIN, part.id),
        ),
    ]


@form("not_ours", "seat", heading="press.not-ours", submit="modal.send")
def not_ours_form(words: Words, file: CaseFile, seat: Seat, part: Involvement) -> Blocks:
    """Choose one of three reasons; there is nothing to type."""
    reasons = choices_of(words, "not-ours", NotOurs)
    intro = words("modal.not-ours.intro", agency=escape(file.agency_of(part.id).shown_name))
    yield section(intro)
    yield field(words, "not_ours", "field.why", inputs.radio(reasons))
    return seat.id


NOTIFICATIONS = (CaseMessage(Kind.NOT_OURS, not_ours),)

"""The summons and its answer, and everything that waits for one person."""

from __future__ import annotations

from bot.domain.answers import first_summons, in_question
from bot.domain.calendar.entry import is_tentative
from bot.domain.case.entities import Answer, Ask, Meeting
from bot.domain.case.file import CaseFile
from bot.domain.deputies import to_be_rung
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import ActionId, actions, as_asked, button, context, lines, section
from handlers.blocks.formatting import told_by_mail
from handlers.delivery.declarations import CaseMessage
from handlers.involvement import messages as involvement_messages
from handlers.involvement import not_ours

CONFIRM = ActionId("confirm", "ask, and which time was asked about")
DECLINE = ActionId("decline", "ask, and which time was asked about")

#: How much of what waits is shown in one message of 50 blocks; Home has the rest.
MOST_BLOCKS = 46


def summons(ctx: RenderContext) -> Message | None:
    """«Innkalling» to the person of an ask, where the question does not show it. Subject: the ask."""
    ask = ctx.file.ask(ctx.notification.subject)
    if ask is None or ctx.notification.params != Revision(ask.sequence) or in_question(ctx.file, ask):
        return None
    blocks = _summons(ctx, ask)
    return Message(blocks, formatting.answer_by(ctx, ask)) if blocks else None


def acknowledgement(ctx: RenderContext) -> Message | None:
    """To a contact or deputy: the question of taushetsplikt, and in its place the summons. Subject: the seat.

    Two acts and two buttons, in one place: the buttons stand last in both, so that on a phone they are where
    the thumb is.
    """
    seat = involvement_messages.own_seat(ctx)
    ask = first_summons(ctx.file, seat) if seat is not None else None
    blocks = _summons(ctx, ask) if ask is not None else []
    if seat is None or ask is None or not blocks:
        return involvement_messages.acknowledgement(ctx)
    title, *rest = blocks
    known = involvement_messages.done(ctx, seat, "acknowledgement.done")
    return Message(
        [title, *involvement_messages.statement(ctx), *rest, context(known)], formatting.answer_by(ctx, ask)
    )


def _summons(ctx: RenderContext, ask: Ask) -> list[Block]:
    """The summons as it stands; empty if there is nothing to say to this reader."""
    is_theirs = ctx.recipient is not None and ask.person_id == ctx.recipient.id
    if not is_theirs:
        return []
    return summoned(ctx, ask) if may_see(ctx, ask) else _answered_by_colleague(ctx, ask)


def _answered_by_colleague(ctx: RenderContext, ask: Ask) -> list[Block]:
    """To one who was asked with others of the agency, of whom one has answered: nothing is left to do."""
    file, reader = ctx.file, ctx.recipient
    if reader is None or ask.overtaken_by is None:
        return []
    meeting, duty = file.meeting(ask.meeting_id), file.duty(ask.duty_id)
    asked_anew = any(a.person_id == reader.id for a in file.asks_of(duty.id))
    may_read = file.reached_directly(reader.id, duty.involvement_id) and not file.awaits_confidentiality(ask)
    stands = file.open and meeting.live and meeting.sequence == ask.sequence and duty.withdrawn_at is None
    if asked_anew or not may_read or not stands:
        return []
    named = {"agency": ctx.agency(file.agency_of_ask(ask)), "when": formatting.when(ctx, meeting)}
    return [section(ctx.words("escalation.colleague-answered", **named))]


def own_ask(ctx: RenderContext) -> Ask | None:
    """The ask that the notification is about, if it is the reader's and they may see what it is about now."""
    ask = ctx.file.ask(ctx.notification.subject)
    is_theirs = ask is not None and ctx.recipient is not None and ask.person_id == ctx.recipient.id
    return ask if ask is not None and is_theirs and may_see(ctx, ask) else None


def may_see(ctx: RenderContext, ask: Ask) -> bool:
    """Return True if the ask is live, its person has confirmed taushetsplikt and may be written to."""
    file = ctx.file
    return (
        stands(ctx, ask)
        and not file.awaits_confidentiality(ask)
        and file.reached_directly(ask.person_id, file.duty(ask.duty_id).involvement_id)
    )


def stands(ctx: RenderContext, ask: Ask) -> bool:
    """Return True if this person is still expected to answer for that meeting."""
    file = ctx.file
    duty = file.duty(ask.duty_id)
    return (
        file.open
        and ask.live
        and not ask.awaits_approval
        and duty.withdrawn_at is None
        and file.involvement(duty.involvement_id).ended_at is None
        and file.meeting(ask.meeting_id).live
    )


def summoned(ctx: RenderContext, ask: Ask) -> list[Block]:
    """The summons with where it stands and its buttons; `may_see` has been asked before."""
    meeting = ctx.file.meeting(ask.meeting_id)
    deputy = "deputy-" if ask.deputy_for is not None else ""
    agency = ctx.agency(ctx.file.agency_of_ask(ask))
    blocks = [
        section(
            lines(
                ctx.words(f"summons.{deputy}title", code=formatting.code(ctx)),
                _moved(ctx, ask),
                ctx.words(f"summons.{deputy}duty", agency=agency),
            )
        ),
        section(lines(formatting.occasion(ctx, meeting), formatting.agenda(ctx, meeting))),
    ]
    return [*blocks, *answering(ctx, ask, meeting), *_old_entry(ctx, ask)]


def _old_entry(ctx: RenderContext, ask: Ask) -> list[Block]:
    """The file of the time before is in the calendar still, unless that was told by mail.

    Who has confirmed since then never got one.
    """
    file, part = ctx.file, ctx.file.duty(ask.duty_id).involvement_id
    had_file = any(
        s.acknowledged_at is not None and s.acknowledged_at < ask.asked_at
        for s in file.seats_of(ask.person_id)
        if s.involvement_id == part
    )
    if not ask.asked_anew or not had_file or ask.answer is Answer.DECLINED:
        return []
    if told_by_mail(file, ask.person_id):
        return []
    return [context(ctx.words("entry.moved"))]


def _moved(ctx: RenderContext, ask: Ask) -> str | None:
    if not ask.asked_anew:
        return None
    again = ctx.words("summons.answer-again") if ask.answer is None else None
    moved = formatting.moved_from(ctx, ctx.file.meeting(ask.meeting_id))
    return f"{moved} {again}" if again else moved


def answering(ctx: RenderContext, ask: Ask, meeting: Meeting) -> list[Block]:
    """The state of the answer, how long it can be changed, and the buttons until the meeting begins."""
    begun = meeting.starts_at <= ctx.now
    limit = "summons.begun" if begun else "summons.changeable"
    status = section(lines(_status(ctx, ask, begun=begun), ctx.words(limit)))
    return [status] if begun else [status, _buttons(ctx, ask)]


def _status(ctx: RenderContext, ask: Ask, *, begun: bool) -> str | None:
    if ask.answer is None:
        tentative = is_tentative(ctx.file, ask)
        said = ctx.words("calendar-answer.status") if tentative else None
        return None if begun else lines(said, _due(ctx, ask))
    words = ctx.words
    at = words.when(ask.answered_at or ask.asked_at, ctx.zone)
    recorded = _recorded(ctx, ask)
    if ask.answer is Answer.CONFIRMED:
        return lines(words("summons.confirmed", when=at), recorded)
    reason = formatting.reason(words, ask)
    said = words("summons.declined", when=at, reason=reason)
    return lines(said, recorded, _deputies(ctx, ask), _instead(ctx, ask))


def _instead(ctx: RenderContext, ask: Ask) -> str | None:
    """To who sent a deputy before the meeting was moved: perhaps they have time now."""
    answered_at = ask.answered_at or ask.asked_at
    stands = ask.asked_anew and answered_at < ask.asked_at and deputies_of(ctx.file, ask)
    return ctx.words("summons.can-you") if stands else None


def _due(ctx: RenderContext, ask: Ask) -> str:
    key = "summons.due" if ask.window_ends_at > ctx.now else "summons.overdue"
    return ctx.words(key, due=formatting.due(ctx, ask))


def _recorded(ctx: RenderContext, ask: Ask) -> str | None:
    if ask.answered_by in (None, ask.person_id):
        return None
    by = formatting.mention(ctx.file, ask.answered_by) or ctx.words("said.coordinator")
    return ctx.words("summons.recorded", coordinator=by)


def deputies_of(file: CaseFile, ask: Ask) -> list[Ask]:
    return [a for a in file.asks_of(ask.duty_id) if a.deputy_for == ask.id]


def _deputies(ctx: RenderContext, ask: Ask) -> str:
    found = deputies_of(ctx.file, ask)
    if not found:
        return ctx.words("summons.no-deputy")
    return lines(*(_deputy(ctx, each) for each in found))


def _deputy(ctx: RenderContext, ask: Ask) -> str:
    if ask.awaits_approval:
        return ctx.words("summons.deputy-waits", person=formatting.asked_one(ctx, ask))
    waits = "unasked" if to_be_rung(ctx.file, ask) else "asked"
    state = {Answer.CONFIRMED: "confirmed", Answer.DECLINED: "declined", None: waits}[ask.answer]
    return ctx.words(f"summons.deputy-{state}", person=formatting.asked_one(ctx, ask))


def _buttons(ctx: RenderContext, ask: Ask) -> Block:
    words = ctx.words
    confirm, decline, asked = CONFIRM, DECLINE, as_asked(ask.id, ask.sequence)
    if ask.answer is Answer.CONFIRMED:
        return actions(button(words("press.decline"), decline, asked))
    if ask.answer is Answer.DECLINED:
        other = "press.other-deputy" if deputies_of(ctx.file, ask) else "press.send-deputy"
        return actions(
            button(words("press.come-anyway"), confirm, asked), button(words(other), decline, asked)
        )
    return actions(
        button(words("press.confirm"), confirm, asked, primary=True),
        button(words("press.decline"), decline, asked),
        *not_ours.press(words, not_ours.seat_of(ctx.file, ask)),
    )


def declined_alone(ctx: RenderContext) -> Message | None:
    """Return None: one from before the list of whom to ring is taken away."""


def unanswered(ctx: RenderContext) -> Message | None:
    """To the one asked: friendly, how long is left and who is told then. Subject: the ask."""
    file, reader = ctx.file, ctx.recipient
    ask = file.ask(ctx.notification.subject)
    if ask is None or reader is None or ask.person_id != reader.id:
        return None
    if ctx.notification.params != Revision(ask.sequence):
        return None
    meeting = file.meeting(ask.meeting_id)
    if not ask.open or not stands(ctx, ask) or meeting.starts_at <= ctx.now:
        return None
    blocks = _to_confirm(ctx, ask) if file.awaits_confidentiality(ask) else _to_answer(ctx, ask)
    return Message(blocks, formatting.answer_by(ctx, ask)) if blocks else None


def _over(ctx: RenderContext, ask: Ask) -> str:
    return "-over" if ask.window_ends_at <= ctx.now else ""


def _to_confirm(ctx: RenderContext, ask: Ask) -> list[Block]:
    seat = formatting.seat_to_confirm(ctx, ask)
    if seat is None or not involvement_messages.may_be_asked(ctx, seat):
        return []
    text = ctx.words(
        f"reminder.unconfirmed{_over(ctx, ask)}",
        team=formatting.team(ctx),
        agency=ctx.agency(ctx.file.agency_of_ask(ask)),
        coordinator=formatting.coordinator(ctx),
        due=formatting.due(ctx, ask),
    )
    meeting = ctx.file.meeting(ask.meeting_id)
    return [
        section(text),
        section(formatting.time_alone(ctx, meeting)),
        *involvement_messages.statement(ctx),
        section(ctx.words("reminder.confidentiality-first")),
        involvement_messages.buttons(ctx, seat),
    ]


def _to_answer(ctx: RenderContext, ask: Ask) -> list[Block]:
    if not may_see(ctx, ask):
        return []
    meeting = ctx.file.meeting(ask.meeting_id)
    text = ctx.words(
        f"reminder.unanswered{_over(ctx, ask)}",
        code=formatting.code(ctx),
        coordinator=formatting.coordinator(ctx),
        due=formatting.due(ctx, ask),
    )
    agency = ctx.agency(ctx.file.agency_of_ask(ask))
    duty = ctx.words("summons.duty" if ask.deputy_for is None else "summons.deputy-duty", agency=agency)
    return [
        section(lines(text, duty)),
        section(lines(formatting.occasion(ctx, meeting), formatting.agenda(ctx, meeting))),
        *answering(ctx, ask, meeting)[1:],
    ]


NOTIFICATIONS = (
    CaseMessage(Kind.ACKNOWLEDGEMENT, acknowledgement),
    CaseMessage(Kind.SUMMONS, summons),
    CaseMessage(Kind.DECLINED_ALONE, declined_alone),
    CaseMessage(Kind.UNANSWERED, unanswered),
)

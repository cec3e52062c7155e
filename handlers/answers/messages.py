"""The summons, its answer, and the reminder of an open one."""

from __future__ import annotations

from bot.domain.answers import first_summons, replaces_question, still_asked
from bot.domain.calendar.entry import is_tentative
from bot.domain.case.entities import Answer, Arrival, Ask, Meeting, Phase, Seat
from bot.domain.deputies import successor_of
from bot.domain.notifications import Kind
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import (
    ActionId,
    actions,
    as_asked,
    button,
    context,
    lines,
    section,
)
from handlers.blocks.formatting import told_by_mail
from handlers.delivery.declarations import CaseMessage
from handlers.involvement import messages as involvement_messages
from handlers.involvement import not_ours

CONFIRM = ActionId("confirm", "ask, and which time was asked about")
DECLINE = ActionId("decline", "ask, and which time was asked about")
NAME_DEPUTY = ActionId("name_deputy", "ask")
ARRIVE = ActionId("arrive", "meeting")


def summons(ctx: RenderContext, ask: Ask) -> Message | None:
    """«Innkalling» to the person of an ask, unless the question of taushetsplikt shows it."""
    blocks = [] if replaces_question(ctx.file, ask) else _summons(ctx, ask)
    return Message(blocks, formatting.answer_by(ctx, ask)) if blocks else None


def acknowledgement(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a contact or deputy: the question of taushetsplikt; after they confirm, the summons in its place.

    Two acts and two buttons in one place: a line or two, then the buttons, so that on a phone they are where
    the thumb is; known facts follow below in small print. Once the question has been asked again, the earlier
    message is None, also after they have confirmed.
    """
    if involvement_messages.asked_again(ctx, seat):
        return None
    ask = first_summons(ctx.file, seat)
    blocks = _summons(ctx, ask) if ask is not None else []
    if ask is None or not blocks:
        return involvement_messages.acknowledgement(ctx, seat)
    known = involvement_messages.done(ctx, seat)
    opens = None if formatting.way_to_room(ctx) else involvement_messages.way(ctx, seat)
    where = involvement_messages.where(ctx.words)
    return Message([*blocks, context(lines(known, opens, where))], formatting.answer_by(ctx, ask))


def _summons(ctx: RenderContext, ask: Ask) -> list[Block]:
    """The current summons to the person asked; empty if there is nothing to say to them."""
    if not still_asked(ctx.file, ask):
        return _answered_by_colleague(ctx, ask)
    if involvement_messages.reminder_stands(ctx, ask):
        elsewhere = ctx.words("acknowledgement.reminded") if ask.answer is None else _recorded(ctx, ask)
        return [section(lines(of_which(ctx, ask, _title(ctx, ask)), elsewhere))]
    return summoned(ctx, ask)


def _answered_by_colleague(ctx: RenderContext, ask: Ask) -> list[Block]:
    """To somebody asked together with colleagues: one of them has answered, so nothing is left to do."""
    file = ctx.file
    meeting, duty = file.meeting(ask.meeting_id), file.duty(ask.duty_id)
    asked_anew = any(a.person_id == ask.person_id for a in file.asks_of(duty.id))
    stands = meeting.live and meeting.sequence == ask.sequence and duty.withdrawn_at is None
    if ask.overtaken_by is None or asked_anew or not stands:
        return []
    named = {"agency": ctx.agency(file.agency_of_ask(ask)), "when": formatting.when(ctx, meeting)}
    return [section(ctx.words("escalation.colleague-answered", **named))]


def summoned(ctx: RenderContext, ask: Ask, title: str | None = None) -> list[Block]:
    """The summons of a person who `is_summoned`: its state, its buttons, and less urgent facts below them."""
    meeting = ctx.file.meeting(ask.meeting_id)
    begun, over = meeting.starts_at <= ctx.now, meeting.ends_at <= ctx.now
    essentials = lines(
        of_which(ctx, ask, title or _title(ctx, ask)),
        _moved(ctx, ask, in_title=title is None and formatting.new_time(ctx, ask) is not None),
        *([] if over else [_status(ctx, ask), _successor(ctx, ask)]),
        ctx.words("said.when", when=_when(ctx, ask, meeting)),
        None if over else ctx.words("said.where", where=formatting.where(ctx.words, meeting)),
        formatting.way_to_room(ctx),
        formatting.due(ctx, ask) if ask.open and not begun else None,
    )
    more = lines(formatting.agenda(ctx, meeting), _duty(ctx, ask), _running(ctx, ask))
    return [
        section(essentials),
        *(here(ctx, ask) if begun else [buttons(ctx, ask)]),
        *([context(more)] if more else []),
        *_old_entry(ctx, ask),
    ]


def _when(ctx: RenderContext, ask: Ask, meeting: Meeting) -> str:
    """The span; for an open ask about a coming meeting also that it is today and that it is acute.

    «I dag» reads at once, and is rewritten as the meeting begins: decision 109.
    """
    if not ask.open or meeting.starts_at <= ctx.now:
        return formatting.span(ctx, meeting)
    by = ctx.words.by(meeting.starts_at, ctx.zone)
    when = f"{by}–{ctx.words.spoken(meeting.ends_at, ctx.zone)}"
    acute = ctx.file.case.phase is Phase.ACUTE and meeting.starts_at - ctx.now < involvement_messages.SOON
    return ctx.words("summons.acute", when=when) if acute else when


def _title(ctx: RenderContext, ask: Ask) -> str:
    """The title: the question, for a moved meeting its new time; the answer; or that the meeting is over."""
    meeting = ctx.file.meeting(ask.meeting_id)
    if meeting.ends_at <= ctx.now:
        return ctx.words("summons.over", code=formatting.code(ctx))
    here = arrival(ctx, meeting)
    if here is not None:
        at = ctx.words.clock(here.at, ctx.zone)
        return ctx.words("summons.there", code=formatting.code(ctx), at=at)
    deputy = "deputy-" if ask.deputy_for is not None else ""
    begun = meeting.starts_at <= ctx.now
    open_title = "summons.over-title" if begun else f"summons.{deputy}title"
    if (new := formatting.new_time(ctx, ask)) is not None:
        return ctx.words("summons.new-time", code=formatting.code(ctx), **new)
    comes = "summons.confirmed-as-deputy" if deputy else "summons.confirmed"
    answered = {Answer.CONFIRMED: comes, Answer.DECLINED: "summons.declined", None: open_title}
    return ctx.words(answered[ask.answer], code=formatting.code(ctx))


def of_which(ctx: RenderContext, ask: Ask, said: str) -> str:
    """Return what is said, with the agency's name for somebody who is asked to a meeting for several."""
    asks = (a for a in ctx.file.asks if a.live and not a.awaits_approval and a.person_id == ask.person_id)
    parts = {ctx.file.part_of(a) for a in asks if a.meeting_id == ask.meeting_id}
    return f"{said} ({ctx.agency(ctx.file.agency_of_ask(ask))})" if len(parts) > 1 else said


def _duty(ctx: RenderContext, ask: Ask) -> str | None:
    """Why it matters that somebody comes; only for an unanswered ask, until the meeting begins."""
    if ask.answer is not None or ctx.file.meeting(ask.meeting_id).starts_at <= ctx.now:
        return None
    agency = ctx.file.agency_of_ask(ask)
    own = "summons.duty" if agency.bound_to_attend else "summons.invited"
    return ctx.words(own if ask.deputy_for is None else "summons.deputy-duty", agency=ctx.agency(agency))


def _running(ctx: RenderContext, ask: Ask) -> str | None:
    """During the meeting, to whoever is expected and has not said that they are there: what to do."""
    if not _is_missed(ctx, ask):
        return None
    return ctx.words("summons.running", coordinator=formatting.coordinator(ctx))


def _is_missed(ctx: RenderContext, ask: Ask) -> bool:
    """Return whether the meeting is on, the reader is not there, and no deputy comes in their place."""
    meeting = ctx.file.meeting(ask.meeting_id)
    runs = meeting.starts_at <= ctx.now < meeting.ends_at
    deputies = ctx.file.deputies_of(ask) if ask.answer is Answer.DECLINED else []
    comes = any(deputy.answer is Answer.CONFIRMED for deputy in deputies)
    return runs and arrival(ctx, meeting) is None and not comes


def arrival(ctx: RenderContext, meeting: Meeting) -> Arrival | None:
    """Return the reader's arrival, if they have said that they are there, or it was recorded."""
    reader = ctx.recipient.id if ctx.recipient is not None else None
    found = (a for a in ctx.file.arrivals if a.meeting_id == meeting.id)
    return next((a for a in found if reader is not None and a.person_id == reader), None)


def here(ctx: RenderContext, ask: Ask) -> list[Block]:
    """«Jeg er til stede» during the meeting, unless the reader is there, or a deputy comes in their place."""
    if not _is_missed(ctx, ask):
        return []
    return [actions(button(ctx.words("press.arrive"), ARRIVE, ask.meeting_id, primary=True))]


def _old_entry(ctx: RenderContext, ask: Ask) -> list[Block]:
    """Say that the file with the old time is still in the calendar, unless the calendar was told by mail."""
    if not ask.asked_anew or not _was_summoned_before(ctx, ask) or ask.answer is Answer.DECLINED:
        return []
    if told_by_mail(ctx.file, ask.person_id):
        return []
    return [context(ctx.words("entry.moved"))]


def _was_summoned_before(ctx: RenderContext, ask: Ask) -> bool:
    """Return whether the person had confirmed, and so could answer and got a file, when last asked anew."""
    seats = ctx.file.seats_of(ask.person_id, ctx.file.part_of(ask))
    return any(s.acknowledged_at is not None and s.acknowledged_at < ask.asked_at for s in seats)


def _moved(ctx: RenderContext, ask: Ask, *, in_title: bool) -> str | None:
    """Return the time it was moved from, if no title has it, and that an older answer is no longer valid."""
    if not ask.asked_anew:
        return None
    moved = None if in_title else formatting.moved_from(ctx, ctx.file.meeting(ask.meeting_id))
    answered = ask.answer is None and _was_summoned_before(ctx, ask)
    again = ctx.words("summons.answer-again") if answered else None
    return " ".join(filter(None, (moved, again))) or None


def answering(ctx: RenderContext, ask: Ask, meeting: Meeting) -> list[Block]:
    """The state of the answer, and the buttons; from the start, arrival."""
    begun = meeting.starts_at <= ctx.now
    due = formatting.due(ctx, ask) if ask.open and not begun else None
    title = of_which(ctx, ask, _title(ctx, ask))
    state = lines(title, _status(ctx, ask), _successor(ctx, ask), due, _running(ctx, ask))
    return [section(state), *(here(ctx, ask) if begun else [buttons(ctx, ask)])]


def _status(ctx: RenderContext, ask: Ask) -> str | None:
    """Return the rest of an answer's state; its reason is left out, since the person who gave it knows it.

    Whoever has taken the seat over reads which deputies the one before has named.
    """
    if deputies := ctx.file.deputies_of(ask):
        return lines(_recorded(ctx, ask), *(_deputy(ctx, each) for each in deputies))
    if ask.answer is None:
        return ctx.words("calendar-answer.status") if is_tentative(ctx.file, ask) else None
    alone = ctx.words("summons.no-deputy") if ask.answer is Answer.DECLINED else None
    return lines(_recorded(ctx, ask), alone) or None


def _successor(ctx: RenderContext, ask: Ask) -> str | None:
    """Name the one who is asked to take the person's seat over; it is theirs until then."""
    own = ctx.file.seats_of(ask.person_id, ctx.file.part_of(ask))
    new = next(filter(None, (successor_of(ctx.file, seat) for seat in own)), None)
    if new is None:
        return None
    person = formatting.contact(ctx, new.person_id, ctx.file.agency_of_ask(ask))
    return ctx.words("summons.successor", person=person)


def _recorded(ctx: RenderContext, ask: Ask) -> str | None:
    """Name the coordinator who recorded the answer; None if the person asked gave it."""
    if ask.answered_by in (None, ask.person_id):
        return None
    coordinator = formatting.mention_or_coordinator(ctx, ask.answered_by)
    return ctx.words("summons.recorded", coordinator=coordinator)


def _deputy(ctx: RenderContext, ask: Ask) -> str:
    if ask.awaits_approval:
        return ctx.words("summons.deputy-waits", person=formatting.asked_one(ctx, ask))
    return ctx.words(f"summons.deputy-{ask.answer or 'asked'}", person=formatting.asked_one(ctx, ask))


def buttons(ctx: RenderContext, ask: Ask) -> Block:
    """The answers still open until the meeting begins; after a yes, only that one cannot come after all."""
    words, asked = ctx.words, as_asked(ask.id, ask.sequence)
    if ask.answer is Answer.CONFIRMED:
        return actions(button(words("press.decline"), DECLINE, asked))
    if ask.answer is Answer.DECLINED:
        other = "press.other-deputy" if ctx.file.deputies_of(ask) else "press.send-deputy"
        return actions(
            button(words("press.come-anyway"), CONFIRM, asked), button(words(other), NAME_DEPUTY, ask.id)
        )
    return actions(
        button(words("press.confirm"), CONFIRM, asked, primary=True),
        button(words("press.decline"), DECLINE, asked),
        *not_ours.press(words, not_ours.seat_of(ctx.file, ask)),
    )


def unanswered(ctx: RenderContext, ask: Ask) -> Message | None:
    """To a person who has not answered: the question again, from now on in this message.

    The earlier message loses its buttons, so that there is one place to answer; the receipt is here too.
    """
    if not involvement_messages.reminder_stands(ctx, ask):
        return None
    at = ctx.words.by(ctx.file.meeting(ask.meeting_id).starts_at, ctx.zone)
    title = ctx.words("reminder.unanswered", when=at)
    if ctx.file.awaits_confidentiality(ask):
        seat = formatting.seat_to_confirm(ctx, ask)
        asked = seat is not None and involvement_messages.may_be_asked(ctx, seat)
        blocks = involvement_messages.question(ctx, seat, title) if seat is not None and asked else []
    else:
        blocks = summoned(ctx, ask, title if ask.open else None)
    return Message(blocks, formatting.answer_by(ctx, ask)) if blocks else None


NOTIFICATIONS = (
    CaseMessage(Kind.ACKNOWLEDGEMENT, acknowledgement),
    CaseMessage(Kind.SUMMONS, summons),
    CaseMessage(Kind.UNANSWERED, unanswered),
)

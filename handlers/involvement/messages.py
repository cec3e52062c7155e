"""The question of taushetsplikt, and its answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.answers import reminded
from bot.domain.case.entities import Answer, Ask, Meeting, Phase, Seat, SeatEnd, SeatRole
from bot.domain.coordinating import in_charge, offered_to
from bot.domain.deputies import colleagues, waits_to_take_over
from bot.domain.directory.entities import Team
from bot.domain.notifications import At, Kind
from bot.domain.overview.told import own
from bot.texts.words import Words
from bot.usecases.news import READ_WHERE_ASKED
from bot.usecases.notifications import asked_anew
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, context, lines, section, small_print
from handlers.coordinating import holder_blocks
from handlers.delivery.declarations import CaseMessage
from handlers.involvement import leaving, not_ours

ACKNOWLEDGE = ActionId("acknowledge", "seat")
RECORD_ACKNOWLEDGEMENT = ActionId("record_acknowledgement", "seat")
PASS_ON = ActionId("send_on", "seat")
#: Opens «Valg», which covers the whole case; many messages have its button.
CHOICES = ActionId("choices", "case")
INVOLVEMENT = ActionId("involvement", "`answer:`, `change:`, `release:` or `ask:` and an involvement")

#: A meeting of the acute phase that begins within this time is called acute.
SOON = timedelta(hours=24)


def acknowledgement(ctx: RenderContext, seat: Seat) -> Message | None:
    """To a contact or deputy: confirm taushetsplikt for this case, or pass it on."""
    if seat.role is SeatRole.AGENCY and (said := not_ours.said(ctx, seat)) is not None:
        return said
    if not seat.live:
        return _over(ctx, seat)
    if not may_be_asked(ctx, seat):
        return None
    if seat.acknowledged_at is not None:
        return _done(ctx, seat)
    ask = ask_of(ctx, seat)
    if ask is not None and reminder_stands(ctx, ask):
        heading, *_ = _when(ctx, seat, ask)
        answer_below = section(lines(heading, ctx.words("acknowledgement.reminded")))
        return Message([answer_below]) if ask.answer is None else None
    return Message(question(ctx, seat), formatting.answer_by(ctx, ask))


def _over(ctx: RenderContext, seat: Seat) -> Message | None:
    """Say that nothing is left to do. None if they are asked again, or are told in a message of its own."""
    again = any(s.involvement_id == seat.involvement_id for s in ctx.file.seats_of(seat.person_id))
    if again or seat.end is None or seat.end not in READ_WHERE_ASKED:
        return None
    key = "withdrawn" if seat.end is SeatEnd.NOT_NEEDED else seat.end.value.replace("_", "-")
    return Message([section(ctx.words(f"acknowledgement.{key}", team=formatting.team(ctx)))])


def successor_unconfirmed(ctx: RenderContext, seat: Seat) -> Message | None:
    """To the successor in a seat, or a coordinator of a case that none has: their confirmation is awaited."""
    if seat.role is SeatRole.COORDINATOR and may_be_asked(ctx, seat) and in_charge(ctx.file) is None:
        return Message(question(ctx, seat))
    if not waits_to_take_over(ctx.file, seat) or not may_be_asked(ctx, seat):
        return None
    waits = ctx.words(
        "handover.remind",
        team=formatting.team(ctx),
        coordinator=formatting.coordinator(ctx),
        agency=ctx.agency(ctx.file.agency_of(seat.involvement_id or "")),
    )
    return Message([section(waits), buttons(ctx, seat), *statement(ctx)])


def case_acknowledgement(ctx: RenderContext, seat: Seat) -> Message | None:
    """To another coordinator of the team: confirm taushetsplikt with one tap.

    None once it has been asked again, while it is asked together with the case that is offered, and in a
    closed case that another coordinator has.
    """
    if asked_again(ctx, seat):
        return None
    had = not ctx.file.open and in_charge(ctx.file) is not None
    if seat.acknowledged_at is None and (had or offered_to(ctx.file) == seat.person_id):
        return None
    if seat.role is not SeatRole.COORDINATOR or not may_be_asked(ctx, seat):
        return None
    confirmed_at, closed_at = seat.acknowledged_at, ctx.file.case.closed_at
    if confirmed_at is not None and closed_at is not None and confirmed_at < closed_at:
        return None
    if confirmed_at is not None:
        done = _done(ctx, seat)
        return replace(done, blocks=[*done.blocks, *holder_blocks(ctx)])
    return Message(question(ctx, seat))


def asked_again(ctx: RenderContext, seat: Seat) -> bool:
    """Return whether taushetsplikt has been asked for again since this message asked for it."""
    put, anew = ctx.notification.params, asked_anew(ctx.file, seat)
    return anew is not None and (not isinstance(put, At) or put.at < anew.at)


def may_be_asked(ctx: RenderContext, seat: Seat) -> bool:
    """Return True if the seat is live, and the bot may write to its person about it.

    In a closed case it writes to coordinators alone.
    """
    file, part = ctx.file, ctx.file.involvement(seat.involvement_id) if seat.involvement_id else None
    goes_on = part is None or (part.live and part.not_ours is None)
    if seat.role is SeatRole.COORDINATOR:
        here = file.coordinates(seat.person_id) and not file.case.is_being_erased
    else:
        here = file.open
    return here and seat.live and goes_on and bool(own(file, seat))


def reminder_stands(ctx: RenderContext, ask: Ask) -> bool:
    """Return whether the reminder is where to answer; once the meeting has begun, only if they answered.

    If a coordinator records the answer during the meeting, only the summons can say when and where it is.
    """
    begun = ctx.file.meeting(ask.meeting_id).starts_at <= ctx.now
    return reminded(ctx.file, ask) and (not begun or ask.answered_by == ask.person_id)


def question(ctx: RenderContext, seat: Seat, title: str | None = None) -> list[Block]:
    """The whole question with its buttons; the caller has checked `may_be_asked`.

    Short, since it is read on a phone with the buttons in sight: when it is, who asks, until when to answer.
    The whole statement follows below the buttons. The first words do not tell what it is about: decision 103.
    """
    if seat.role is SeatRole.LIAISON:
        return liaison_question(ctx, seat)
    if seat.role is SeatRole.COORDINATOR or seat.involvement_id is None:
        return coordinators_question(ctx, seat)
    ask = ask_of(ctx, seat)
    heading, *when = _when(ctx, seat, ask)
    if ask is not None and ask.answer is Answer.DECLINED:
        said = ctx.words("acknowledgement.cannot", coordinator=formatting.coordinator(ctx))
        asked_to = _asked_to(ctx, ctx.file.meeting(ask.meeting_id))
        return [section(lines(asked_to, said)), buttons(ctx, seat), *statement(ctx)]
    then = "acknowledgement.then" if _meeting(ctx, seat, ask) else "acknowledgement.then-no-meeting"
    asked = lines(title or heading, _who(ctx, seat), *when)
    return [section(asked), buttons(ctx, seat), *statement(ctx), context(ctx.words(then))]


def _asked_to(ctx: RenderContext, meeting: Meeting, key: str = "meeting", when: str = "") -> str:
    told = (when or ctx.words.by(meeting.starts_at, ctx.zone), formatting.kind_of(ctx, meeting))
    return ctx.words(f"acknowledgement.{key}", when=", ".join(filter(None, told)))


def said_no(ctx: RenderContext, seat: Seat) -> bool:
    """Return whether the seat's person answered «kan ikke» before confirming: nothing waits for them."""
    ask = ask_of(ctx, seat)
    return ask is not None and ask.answer is Answer.DECLINED


def coordinators_question(ctx: RenderContext, seat: Seat) -> list[Block]:
    """To another coordinator: confirm taushetsplikt, which also takes over a case that is offered to them."""
    opener = formatting.mention(ctx.file, ctx.file.case.opened_by) or formatting.coordinator(ctx)
    when = ctx.words.when(ctx.file.case.opened_at, ctx.zone)
    ask = ctx.words("case-acknowledgement.ask", team=formatting.team(ctx), coordinator=opener, when=when)
    holder = formatting.mention_or_coordinator(ctx, in_charge(ctx.file))
    named = {"team": formatting.team(ctx), "coordinator": holder}
    asked = offered_to(ctx.file) == seat.person_id
    offer = ctx.words("coordinating.offer-unconfirmed", **named) if asked else None
    closed = None if ctx.file.open else ctx.words("case-acknowledgement.closed")
    nobody = ctx.words("case-acknowledgement.nobody") if in_charge(ctx.file) is None else None
    confirm = button(ctx.words("press.acknowledge"), ACKNOWLEDGE, seat.id, primary=True)
    asked_for = lines(offer, ask, closed, nobody, _next_meeting(ctx))
    return [section(asked_for), actions(confirm), *statement(ctx)]


def _next_meeting(ctx: RenderContext) -> str | None:
    """To a coordinator, as to a contact: when the next meeting is."""
    meeting = ctx.file.next_meeting(ctx.now)
    if meeting is None:
        return None
    return _asked_to(ctx, meeting, "begun" if meeting.starts_at <= ctx.now else "meeting")


def buttons(ctx: RenderContext, seat: Seat) -> Block:
    """The buttons to confirm or to say no; a no needs no confirmation."""
    declined = said_no(ctx, seat)
    cannot = "press.pass-on-anyway" if declined else "press.decline"
    others = not declined or colleagues(ctx.file, seat, ctx.now)
    return actions(
        button(ctx.words("press.acknowledge"), ACKNOWLEDGE, seat.id, primary=not declined),
        *([button(ctx.words(cannot), PASS_ON, seat.id)] if others else []),
        *([] if declined else not_ours.press(ctx.words, seat)),
    )


def ask_of(ctx: RenderContext, seat: Seat) -> Ask | None:
    """Return the ask to the earliest meeting that is not over, for the person and agency of this seat."""
    file = ctx.file
    asks = [
        (meeting.starts_at, ask.id, ask)
        for ask in file.asks
        if ask.live
        and ask.person_id == seat.person_id
        and file.part_of(ask) == seat.involvement_id
        and (meeting := file.meeting(ask.meeting_id)).live
        and meeting.ends_at > ctx.now
        and seat.meeting_id in (None, meeting.id)
    ]
    return min(asks)[2] if asks else None


def _who(ctx: RenderContext, seat: Seat) -> str:
    deputy = "deputy-" if seat.role is SeatRole.DEPUTY else ""
    asks = "handover-who" if seat.takes_over else f"{deputy}who"
    return ctx.words(
        f"acknowledgement.{asks}",
        team=formatting.team(ctx),
        agency=ctx.agency(ctx.file.agency_of(seat.involvement_id or "")),
        coordinator=formatting.coordinator(ctx),
    )


def _when(ctx: RenderContext, seat: Seat, ask: Ask | None) -> list[str]:
    """The heading with the time and whether it is acute; the time it was moved from; when to answer by."""
    meeting, words = _meeting(ctx, seat, ask), ctx.words
    acute = ctx.file.case.phase is Phase.ACUTE
    if meeting is None:
        asked_for = {ctx.file.part_of(a) for a in ctx.file.asks if a.person_id == seat.person_id}
        acute = acute and seat.involvement_id not in asked_for
        heading = words("acknowledgement.urgent-part" if acute else "acknowledgement.part")
        return [heading, words("acknowledgement.no-meeting")]
    if meeting.starts_at <= ctx.now:
        return [_asked_to(ctx, meeting, "begun" if ctx.now < meeting.ends_at else "over")]
    new = formatting.new_time(ctx, ask) if ask is not None else None
    # The time counts as new for as long as nobody answers.
    asked_at = ask.asked_at if ask is not None and new is not None else ctx.now
    key = "urgent" if acute and meeting.starts_at - asked_at < SOON else "meeting"
    found = [_asked_to(ctx, meeting, key, new["when"] if new is not None else "")]
    if new is not None:
        found = [words("acknowledgement.new-time", meeting=found[0], before=new["before"])]
    if ask is not None and ask.asked_anew and new is None:
        found.append(formatting.moved_from(ctx, meeting))
    if ask is not None and ask.open:
        found.append(formatting.due(ctx, ask))
    return found


def _meeting(ctx: RenderContext, seat: Seat, ask: Ask | None) -> Meeting | None:
    meeting_id = ask.meeting_id if ask is not None else seat.meeting_id
    if meeting_id is None and seat.takes_over:
        return ctx.file.next_meeting(ctx.now)
    return ctx.file.meeting(meeting_id) if meeting_id else None


def statement(ctx: RenderContext) -> list[Block]:
    """The statement of confidentiality in every place where it is confirmed: whole, in small print.

    A phone opens a message at its end, and the buttons above the statement have to be in sight then too.
    """
    return [small_print(statement_text(ctx.words, ctx.file.team))]


def statement_text(words: Words, team: Team) -> str:
    """The team's own statement, if it has one in this language. What always holds is added."""
    own = dict(team.rules.statement).get(words.language, "").strip()
    said = lines(escape(own), words("acknowledgement.exists")) if own else words("acknowledgement.statement")
    title = words("acknowledgement.statement-title")
    return lines(title, said, words("acknowledgement.other-duties"))


def where(words: Words) -> str:
    """Say after confirming what still holds, and where the whole statement is."""
    return f"{words('acknowledgement.exists')} {words('acknowledgement.where')}"


def to_read_aloud(words: Words, team: Team) -> str:
    """The statement for the telephone: the team's own, if it has one, otherwise a short one."""
    own = dict(team.rules.statement).get(words.language, "").strip()
    return words("acknowledgement.read-aloud", said=escape(own) if own else words("acknowledgement.aloud"))


def _done(ctx: RenderContext, seat: Seat) -> Message:
    said = lines(done(ctx, seat), way(ctx, seat))
    return Message([section(said), context(where(ctx.words))])


def done(ctx: RenderContext, seat: Seat) -> str:
    """Say when taushetsplikt was confirmed, and who recorded it."""
    at = seat.acknowledged_at or ctx.now
    named = {"when": ctx.words.when(at, ctx.zone), "code": formatting.code(ctx)}
    if seat.acknowledged_by in (None, seat.person_id):
        return ctx.words("acknowledgement.done", **named)
    recorder = formatting.mention_or_coordinator(ctx, seat.acknowledged_by)
    return ctx.words("acknowledgement.recorded", coordinator=recorder, **named)


def way(ctx: RenderContext, seat: Seat) -> str | None:
    """The way to the room. If it is in trouble, somebody removed from it learns that they keep their seat.

    The coordinators are told more, in a message of its own.
    """
    if ctx.file.room.trouble is not None:
        if formatting.for_coordinator(ctx):
            return None
        return ctx.words("acknowledgement.room-in-trouble", coordinator=formatting.coordinator(ctx))
    room = formatting.room(ctx, seat.person_id)
    return ctx.words("said.room", room=room) if room else ctx.words("acknowledgement.opens")


def liaison_question(ctx: RenderContext, seat: Seat) -> list[Block]:
    """To the liaison: confirm taushetsplikt for this case. There is nobody to pass it on to."""
    words = ctx.words
    liaison = next((x for x in ctx.file.liaisons if x.seat_id == seat.id), None)
    if liaison is None:
        return []
    named = {
        "team": formatting.team(ctx),
        "coordinator": formatting.coordinator(ctx),
        "day": words.day(liaison.until),
    }
    return [
        section(lines(words("liaison.ask-title", **named), words("liaison.ask", **named))),
        actions(button(words("press.acknowledge"), ACKNOWLEDGE, seat.id, primary=True)),
        *statement(ctx),
        context(words("liaison.ask-then")),
    ]


NOTIFICATIONS = (
    CaseMessage(Kind.CASE_ACKNOWLEDGEMENT, case_acknowledgement),
    CaseMessage(Kind.SUCCESSOR_UNCONFIRMED, successor_unconfirmed),
    *leaving.NOTIFICATIONS,
    *not_ours.NOTIFICATIONS,
)

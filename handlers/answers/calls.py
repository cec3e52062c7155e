"""«Ring disse»: whom a coordinator has to ring for a meeting, with the number and what was answered."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain import answers
from bot.domain.answers import Call, steps_of
from bot.domain.calendar.entry import is_tentative
from bot.domain.case.entities import Answer, Ask, Duty, EscalationStep, Meeting, StepKind
from bot.domain.coordinating import alerted_at
from bot.domain.directory.entities import Agency
from bot.domain.duty_phone import answered_on_duty, on_duty
from bot.domain.escalation import not_asked
from bot.domain.notifications import At, Kind
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, as_asked, button, lines, section
from handlers.coordinating import holder_blocks
from handlers.delivery.declarations import CaseMessage

RECORD_ANSWER = ActionId("record_answer", "ask, and which time was asked about")
#: A row of the list: what is known, and the button that records the call.
Row = tuple[str, Block | None]


def call_list(ctx: RenderContext, meeting: Meeting) -> Message | None:
    """To a coordinator: whom to ring for a meeting, and what was answered on the telephone.

    When somebody new has to be rung, an older list is deleted once its reader is alerted with a newer one.
    Once the meeting is over nobody is to be rung, but what was said can still be recorded.
    """
    to_ring, listed_at = answers.calls(ctx.file, meeting), ctx.notification.params_as(At).at
    newer = any(answers.is_new(call, listed_at) for call in to_ring)
    alerted = alerted_at(ctx.file, Kind.CALL_LIST, meeting.id, ctx.reader.id)
    if newer and (alerted is None or alerted <= ctx.now):
        return None
    # Also those who were told, or have answered, outside Slack.
    rows = _rows(ctx, meeting, lambda ask: ask.told_via is not None)
    if not rows:
        return None
    named = {"code": formatting.code(ctx), "when": formatting.when(ctx, meeting)}
    over = meeting.ends_at <= ctx.now
    key = "calls.title-done" if not to_ring else "calls.title-over" if over else "calls.title"
    title = ctx.words(key, **named)
    holder = [] if over else holder_blocks(ctx, meeting.id)
    # Next to the text, the button would leave a phone no width for a number.
    shown = [[section(text), *([actions(press)] if press is not None else [])] for text, press in rows]
    return Message(formatting.fit(ctx.words, [[[section(title), *holder], *shown]]))


def calls(ctx: RenderContext, meeting: Meeting) -> list[Block]:
    """Return a row for each person to ring, the longest waiting first."""
    return [section(*_row(ctx, call)) for call in answers.calls(ctx.file, meeting)]


def everybody(ctx: RenderContext, meeting: Meeting, involvement_id: str = "") -> list[Block]:
    """Return a row for everybody asked to a meeting, or of one agency: those to ring first."""
    return [section(*row) for row in _rows(ctx, meeting, lambda ask: not ask.awaits_approval, involvement_id)]


def of_duties(ctx: RenderContext, duties: list[Duty]) -> list[Block]:
    """Return a row for everybody whose answer can be recorded for these duties."""
    asks = (ask for duty in duties for ask in ctx.file.asks_of(duty.id) if not ask.awaits_approval)
    return [section(*_call(ctx, ask)) for ask in asks]


def _rows(
    ctx: RenderContext, meeting: Meeting, shows: Callable[[Ask], bool], involvement_id: str = ""
) -> list[Row]:
    """Those to ring, those of the others whom it `shows`, and what people on duty have said."""
    to_ring = answers.calls(ctx.file, meeting)
    found = [call for call in to_ring if involvement_id in ("", call.duty.involvement_id)]
    ringing = {call.ask.id for call in found if call.ask is not None}
    lost = {call.duty for call in found if call.ask is None}
    ahead = answers.duties_to_meet(ctx.file, meeting)
    duties = [duty for duty in ahead if involvement_id in ("", duty.involvement_id)]
    others = (ask for duty in duties for ask in ctx.file.asks_of(duty.id) if ask.id not in ringing)
    on_duty = (_said_on_duty(ctx, duty) for duty in duties if duty not in lost)
    return [
        *(_row(ctx, call) for call in found),
        *(_call(ctx, ask) for ask in others if shows(ask)),
        *((answer, None) for answer in on_duty if answer),
    ]


def _said_on_duty(ctx: RenderContext, duty: Duty) -> str:
    """The answer of somebody on duty for an agency, if any: the function, when, and who rang."""
    spoken = on_duty(ctx.file, duty)
    if spoken is None:
        return ""
    who_answered = ctx.words(
        "calls.on-duty",
        agency=ctx.agency(ctx.file.agency_of(duty.involvement_id)),
        function=ctx.words(f"on-duty.{spoken.function}"),
        when=ctx.words.when(spoken.at, ctx.zone),
        by=formatting.mention(ctx.file, spoken.recorded_by) or ctx.words("person.unknown"),
    )
    return lines(who_answered, ctx.words(f"calls.on-duty.{spoken.answer or 'told'}"))


def _row(ctx: RenderContext, call: Call) -> Row:
    if call.ask is not None:
        return _call(ctx, call.ask, alone=True)
    agency = ctx.file.agency_of(call.duty.involvement_id)
    state = _said_on_duty(ctx, call.duty) or ctx.words("calls.nobody", agency=ctx.agency(agency))
    return lines(state, line_of(ctx, agency, None)), None


def _call(ctx: RenderContext, ask: Ask, *, alone: bool = False) -> Row:
    """A row about one ask: who, the number, the state, and the button that records the call.

    `alone` says about somebody who has declined that nobody comes in their place. What the chain has done
    for an agency stands once, beside the first who is silent, until the meeting is over.
    """
    file = ctx.file
    agency, duty = file.agency_of_ask(ask), file.duty(ask.duty_id)
    key = "calls.deputy" if ask.deputy_for is not None else "calls.who"
    who = ctx.words(key, agency=ctx.agency(agency), person=formatting.asked_one(ctx, ask))
    deputy = ask if ask.deputy_for is not None else None
    over = file.meeting(ask.meeting_id).ends_at <= ctx.now
    first = next((a for a in file.asks_of(duty.id) if a.open and a.deputy_for is None), None)
    told = deputy is not None or ask == first
    taken = steps_taken(ctx, duty, deputy) if ask.open and told and not over else None
    text = lines(who, line_of(ctx, agency, ask.person_id), _state(ctx, ask, alone=alone), taken)
    return text, record(ctx, ask)


def line_of(ctx: RenderContext, agency: Agency, person_id: str | None) -> str:
    """Return a person's own line, the duty line, or the work mail, but never a sheltering agency's mail.

    Without a person, it is the duty line.
    """
    own = ctx.file.own_line(agency.id, person_id)
    if own is not None:
        return ctx.words("said.own-line", line=escape(own))
    person = ctx.file.persons.get(person_id) if person_id is not None else None
    if agency.duty_line or agency.reached_by_coordinator or person is None or not person.work_mail:
        return formatting.duty_line(ctx.words, agency)
    return ctx.words("said.mail", mail=escape(person.work_mail))


def _state(ctx: RenderContext, ask: Ask, *, alone: bool) -> str:
    words = ctx.words
    if ask.answer is Answer.CONFIRMED:
        return words("calls.confirmed")
    if ask.answer is Answer.DECLINED:
        declined = "calls.declined-alone" if alone else "calls.declined"
        first = words("calls.confidentiality") if alone and ctx.file.awaits_confidentiality(ask) else None
        return lines(first, words(declined, reason=formatting.reason(words, ask)))
    if answered_on_duty(ctx.file, ctx.file.duty(ask.duty_id)):
        return words("calls.spared")
    if ctx.file.awaits_confidentiality(ask):
        return words("calls.confidentiality")
    if is_tentative(ctx.file, ask):
        return words("calls.tentative")
    if ask.told_via is not None and not ask.ring_anew:
        at = words.when(ask.told_at or ask.asked_at, ctx.zone)
        return words("calls.told", via=words(f"via.{ask.told_via}"), when=at)
    if not ctx.file.must_be_called(ask):
        return words("calls.silent")
    moved = formatting.moved_from(ctx, ctx.file.meeting(ask.meeting_id)) if ask.asked_anew else None
    return words("calls.ring-moved", moved=moved) if moved else words("calls.ring")


def record(ctx: RenderContext, ask: Ask) -> Block | None:
    """The button with which the coordinator records the call: taushetsplikt and the answer."""
    if ctx.file.awaits_confidentiality(ask) and formatting.seat_to_confirm(ctx, ask) is None:
        return None
    label = "press.record-answer" if ask.answer is None else "press.change-answer"
    return button(ctx.words(label), RECORD_ANSWER, as_asked(ask.id, ask.sequence))


def steps_taken(ctx: RenderContext, duty: Duty, deputy: Ask | None = None) -> str | None:
    """«Purret @vakt 18:20. Spurte neste, @exit, 18:35.»; None before the first step.

    A step's day is named if it differs from the step before; the first step's if it is not today.
    With a `deputy`, only the steps of that ask. A reminder of nobody is left out, and that the coordinators
    are told: they read it.
    """
    taken = [
        s
        for s in steps_of(ctx.file, duty.id)
        if (deputy is None or s.ask_id == deputy.id)
        and s.kind is not StepKind.COORDINATOR
        and (s.kind is not StepKind.REMINDER or s.person_id is not None)
    ]
    if not taken:
        return None
    days = [at.astimezone(ctx.zone).date() for at in (ctx.now, *(step.taken_at for step in taken))]
    return " ".join(
        _taken(ctx, step, same_day=day == before)
        for step, before, day in zip(taken, days, days[1:], strict=False)
    )


def _taken(ctx: RenderContext, step: EscalationStep, *, same_day: bool) -> str:
    at, zone = step.taken_at, ctx.zone
    clock = ctx.words.clock(at, zone) if same_day else ctx.words.short(at, zone)
    if step.person_id is None:
        return _turned_to_nobody(ctx, step)
    person = formatting.contact(ctx, step.person_id, ctx.file.agency_of_ask(step))
    step_line = ctx.words(f"escalation.{step.kind}", at=clock, person=person)
    if step.answered_at is None:
        return step_line
    return f"{step_line} {ctx.words('escalation.leader-answered')}"


def _turned_to_nobody(ctx: RenderContext, step: EscalationStep) -> str:
    """Say that a step turned to nobody, and who was muted or can only be rung."""
    agency = ctx.file.agency_of_ask(step)
    if step.kind is StepKind.LEADER:
        return ctx.words("escalation.leader-nobody")
    left = not_asked(ctx.file, step, step.taken_at)
    rung = [formatting.contact(ctx, contact.person_id, agency) for contact in left]
    if rung:
        return ctx.words("escalation.next_contact-ring", people=ctx.words.either(rung))
    return ctx.words("escalation.next_contact-nobody")


NOTIFICATIONS = (CaseMessage(Kind.CALL_LIST, call_list),)

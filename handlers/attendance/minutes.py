"""The minutes of a meeting: who came, what was treated, who does what, when next. Never the substance."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import attendance
from bot.domain.case.entities import Arrival, Correction, Duty, Meeting
from handlers.actions import messages as actions_messages
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext, escape
from handlers.blocks.elements import SECTION_TEXT, actions, button, context, lines, parts, section
from handlers.blocks.people import by_agency
from handlers.involvement.messages import CHOICES
from handlers.meeting import agenda

#: A heading and the lines under it.
Part = tuple[str, list[str]]
#: The most paragraphs of the minutes; a message takes 50 blocks.
MOST_BLOCKS = 45


def minutes(ctx: RenderContext, meeting: Meeting) -> Message | None:
    """To the room, once the meeting is registered; to a coordinator, whom they have to tell of it."""
    if meeting.registered_at is None:
        return None
    return _for_the_room(ctx, meeting) if ctx.recipient is None else _to_pass_on(ctx, meeting)


def _for_the_room(ctx: RenderContext, meeting: Meeting) -> Message:
    words = ctx.words
    texts = [
        lines(words("minutes.title", code=formatting.code(ctx)), *_head(ctx, meeting)),
        *(_under(heading, under) for heading, under in _parts(ctx, meeting)),
    ]
    pieces = [[section(piece)] for text in texts for piece in parts(text, SECTION_TEXT)]
    blocks = formatting.fit(words, [pieces], MOST_BLOCKS)
    wrong = words("minutes.wrong", coordinator=formatting.coordinator(ctx)) if ctx.file.open else None
    blocks.append(context(words("minutes.only-coordination"), lines(_registered(ctx, meeting), wrong)))
    if ctx.file.open:
        # The leaders' buttons are in their «Valg», so that nobody else has a button that refuses them.
        blocks.append(actions(button(words("press.choices"), CHOICES, ctx.file.case.id)))
    return Message(blocks)


def _under(heading: str, under: list[str]) -> str:
    """A heading and its lines; a single line goes beside the heading."""
    if len(under) == 1:
        return f"*{heading}:* {under[0]}"
    return lines(f"*{heading}*", *(f"• {each}" for each in under))


def _registered(ctx: RenderContext, meeting: Meeting) -> str:
    by = next((d.registered_by for d in ctx.file.duties_of(meeting.id) if d.registered_by), None)
    person = formatting.mention_or_coordinator(ctx, by)
    return ctx.words("minutes.registered", person=person)


def _to_pass_on(ctx: RenderContext, meeting: Meeting) -> Message | None:
    """To a coordinator: the agencies that take part and are not told by the bot, but by who has the case."""
    outside = ctx.file.outside_room()
    if not outside or not ctx.file.open:
        return None
    named = {"agencies": formatting.names(ctx, outside), "by": formatting.who_tells(ctx)}
    when, code = formatting.when(ctx, meeting), formatting.code(ctx)
    return Message([section(ctx.words("minutes.pass-on", when=when, code=code, **named))])


def _head(ctx: RenderContext, meeting: Meeting) -> list[str]:
    words = ctx.words
    chair = formatting.mention_or_coordinator(ctx, attendance.chair_of(ctx.file, meeting))
    where = [escape(meeting.place)] if meeting.place else []
    if meeting.link:
        # The link is left out: its call is over, or it leads to somebody else's call by now.
        where.append(words("said.meeting-video"))
    when = words.full_span(meeting.starts_at, meeting.ends_at, ctx.zone)
    return [
        f"{when}, {words.several(where) or words('said.nowhere')}",
        words("card.chair", person=chair),
    ]


def _parts(ctx: RenderContext, meeting: Meeting) -> Iterator[Part]:
    words, file = ctx.words, ctx.file
    duties = by_agency(file, file.duties_of(meeting.id))
    came = [_came(ctx, duty) for duty in duties] or [words("minutes.no-duties")]
    also = [_also(ctx, arrival) for arrival in attendance.arrivals_of(file, meeting)]
    yield words("minutes.came"), [*came, *filter(None, (*also, _few(ctx, meeting)))]
    points = [agenda.shown(words, p) for p in attendance.treated(file, meeting)]
    left = [agenda.shown(words, p) for p in attendance.untreated(file, meeting)]
    if points or left:
        yield words("field.treated"), [_listed(points) if points else words("minutes.nothing-ticked")]
    if points and left:
        yield words("minutes.untreated"), [_listed(left)]
    awaited = by_agency(file, attendance.unexplained(file, meeting))
    still = (words("minutes.awaits-reason", agency=_agency(ctx, duty)) for duty in awaited)
    follow = [*_actions(ctx, meeting), *still]
    yield words("minutes.who-does-what"), follow or [words("minutes.nothing-open")]
    yield words("minutes.next-meeting"), [_next(ctx, meeting)]
    corrected = [_correction(ctx, c) for c in attendance.corrections_of(file, meeting)]
    if corrected:
        yield words("minutes.corrected"), corrected


def _listed(points: list[str]) -> str:
    """Points of the agenda; they have capitals and commas of their own."""
    return " · ".join(points)


def _agency(ctx: RenderContext, duty: Duty) -> str:
    return ctx.agency(ctx.file.agency_of(duty.involvement_id))


def _came(ctx: RenderContext, duty: Duty) -> str:
    """Return what the register says, without a time: that of a tap is not that of the arrival."""
    words = ctx.words
    how = words(f"attendance.{duty.attendance}") if duty.attendance else words("minutes.not-registered")
    said = f"{_agency(ctx, duty)}: {how}"
    if duty.written_report:
        said = f"{said}; {words('minutes.report-in')}"
    if duty.absence_reason is not None:
        said = words("minutes.because", said=said, reason=words(f"decline.{duty.absence_reason}"))
    return said


def _also(ctx: RenderContext, arrival: Arrival) -> str | None:
    """Somebody who came without a duty: a coordinator, or anybody if no agency has a duty."""
    if arrival.duty_id is not None:
        return None
    who = formatting.mention(ctx.file, arrival.person_id) or ctx.words("minutes.participant")
    return ctx.words("minutes.also", who=who)


def _few(ctx: RenderContext, meeting: Meeting) -> str | None:
    if not attendance.too_few(ctx.file, meeting):
        return None
    why = meeting.quorum_reason
    if why is None:
        return ctx.words("minutes.too-few")
    return ctx.words("minutes.went-on", reason=ctx.words(f"quorum-reason.{why}"))


def _actions(ctx: RenderContext, meeting: Meeting) -> list[str]:
    """The actions open when the meeting was registered."""
    words, file, at = ctx.words, ctx.file, meeting.registered_at or ctx.now
    said = []
    for action in file.actions:
        if action.agreed_at <= at and (action.ended_at is None or action.ended_at > at):
            agency = ctx.agency(file.agency_of(action.involvement_id))
            said.append(f"{agency}: {actions_messages.line(words, file, action, ctx.now)}")
    return said


def _next(ctx: RenderContext, meeting: Meeting) -> str:
    """The next meeting after this one that was not called off, even if that one is registered too."""
    called = (m for m in ctx.file.meetings if m.cancelled_at is None)
    ahead = [m for m in called if m.starts_at > meeting.starts_at]
    following = min(ahead, key=lambda m: m.starts_at, default=None)
    if following is None:
        return ctx.words("minutes.no-next")
    when, before = ctx.words.full_span(following.starts_at, following.ends_at, ctx.zone), following.moved_from
    if before is None or before == following.starts_at:
        return when
    # Who has read or copied the minutes sees that they tell of another time now.
    old = ctx.words.instead_of(before, following.starts_at, ctx.zone)
    return ctx.words("acknowledgement.new-time", meeting=when, before=old)


def _correction(ctx: RenderContext, correction: Correction) -> str:
    words, file = ctx.words, ctx.file
    agency = _agency(ctx, file.duty(correction.duty_id))
    when = words.full(correction.corrected_at, ctx.zone)
    changes = []
    if correction.was is not correction.became:
        was, became = words(f"attendance.{correction.was}"), words(f"attendance.{correction.became}")
        changes.append(words("minutes.was-became", was=was, became=became))
    if correction.had_report != correction.has_report:
        changes.append(words("minutes.report-in" if correction.has_report else "minutes.report-out"))
    by = formatting.mention_or_coordinator(ctx, correction.corrected_by)
    return f"{agency}: {'; '.join(changes)} ({by}, {when})"

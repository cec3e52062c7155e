"""A poll of several times for one meeting: to people who are asked, to coordinators, and on the card."""

from __future__ import annotations

from datetime import datetime

from bot.domain import polls
from bot.domain.case.polls import TimePoll
from bot.domain.notifications import Kind
from bot.usecases.polls import plan_at
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import ActionId, actions, as_time, button, context, lines, section
from handlers.delivery.declarations import CaseMessage

_TIME = "poll, and the time in UNIX seconds"
TIME_SUITS = ActionId("time_suits", _TIME)
TIME_NOT = ActionId("time_not", _TIME)
NO_TIME = ActionId("no_time", "poll")
CALL_TIME = ActionId("call_time", _TIME)
RECORD_TIMES = ActionId("record_times", "poll")
WITHDRAW_TIMES = ActionId("withdraw_times", "poll")


def times_asked(ctx: RenderContext, poll: TimePoll) -> Message | None:
    """To each person who would be asked to the meeting: which of the times suit?"""
    blocks = question(ctx, poll)
    answered = polls.suiting(ctx.file, poll, ctx.reader.id) is not None
    return Message(blocks, None if answered else poll.closes_at) if blocks else None


def question(ctx: RenderContext, poll: TimePoll) -> list[Block]:
    """To somebody who is asked: the times with their own answers and the buttons; empty when all are past."""
    words, ahead = ctx.words, polls.times_ahead(poll, ctx.now)
    if not ahead:
        return []
    own = polls.suiting(ctx.file, poll, ctx.reader.id)
    status = None if own else words("times.own-none")
    if own is None:
        key = "summons.due" if poll.closes_at > ctx.now else "times.overdue"
        status = words(key, due=words.within(poll.closes_at, ctx.zone))
    where = words("said.where", where=formatting.where(words, plan_at(poll, poll.starts[0])))
    intro = lines(_asked(ctx, poll), where, formatting.way_to_room(ctx), status)
    blocks = [section(intro)]
    for at in ahead:
        suits = own is not None and at in own
        said = f" · {words('times.own-suits')}" if suits else ""
        key, id = ("press.time-not", TIME_NOT) if suits else ("press.time-suits", TIME_SUITS)
        press = button(words(key), id, as_time(poll.id, at))
        blocks += [section(f"*{_span(ctx, poll, at)}*{said}"), actions(press)]
    none_suits = actions(button(words("press.no-time"), NO_TIME, poll.id))
    then = context(lines(formatting.note(ctx, poll.note), words("times.then")))
    return [*blocks, *([none_suits] if own is None else []), then]


def _asked(ctx: RenderContext, poll: TimePoll) -> str:
    by = formatting.mention_or_coordinator(ctx, poll.proposed_by)
    named = {"code": formatting.code(ctx), "coordinator": by}
    if poll.meeting_id is None:
        other = ctx.file.next_meeting(ctx.now)
        stands = ctx.words("times.other-stands", when=formatting.when(ctx, other)) if other else None
        return lines(ctx.words("times.asked", **named), stands)
    when = formatting.when(ctx, ctx.file.meeting(poll.meeting_id))
    return ctx.words("times.asked-move", **named, when=when)


def _span(ctx: RenderContext, poll: TimePoll, at: datetime) -> str:
    plan = plan_at(poll, at)
    return ctx.words.span(plan.starts_at, plan.ends_at, ctx.zone)


# --- to the coordinators


def times_best(ctx: RenderContext, poll: TimePoll) -> Message | None:
    """To the coordinator who has the case, once: which time is best, and the button that calls it."""
    blocks = overview(ctx, poll)
    return Message(blocks) if blocks else None


def overview(ctx: RenderContext, poll: TimePoll) -> list[Block]:
    """To a coordinator: the best time, then each time with all answers and the button that calls it."""
    words = ctx.words
    found = polls.time_standings(ctx.file, poll, ctx.now)
    best = polls.best_time(found)
    if not formatting.for_coordinator(ctx) or best is None:
        return []
    best_line = words(
        "times.best", code=formatting.code(ctx), when=_span(ctx, poll, best.at), quorum=_quorum(ctx, best)
    )
    key = "times.open-until" if poll.closes_at > ctx.now else "times.window-over"
    until = words(key, due=words.within(poll.closes_at, ctx.zone))
    press = words("press.call-time" if poll.meeting_id is None else "press.move-time")
    rows = [
        section(
            lines(f"*{_span(ctx, poll, each.at)}:* {_quorum(ctx, each)}", *_answers(ctx, each)),
            accessory=button(press, CALL_TIME, as_time(poll.id, each.at), primary=each is best),
        )
        for each in found
    ]
    return [
        section(lines(best_line, until)),
        *rows,
        actions(
            button(words("press.record-times"), RECORD_TIMES, poll.id),
            button(words("press.withdraw-times"), WITHDRAW_TIMES, poll.id),
        ),
        context(words("times.one-tap")),
    ]


def _answers(ctx: RenderContext, each: polls.TimeStanding) -> list[str]:
    of_each = (("coming", each.coming), ("cannot", each.cannot), ("silent", each.silent))
    return [ctx.words(f"times.{key}", agencies=formatting.names(ctx, who)) for key, who in of_each if who]


def _quorum(ctx: RenderContext, each: polls.TimeStanding) -> str:
    """«nok tjenester», «ikke nok tjenester ennå»: all that the room is told about the quorum."""
    return ctx.words("times.enough" if each.enough else "times.too-few")


# --- on the card


def on_card(ctx: RenderContext) -> list[Block]:
    """To everybody in the room: the times, whether each has a quorum, and which agencies are missing."""
    poll = polls.standing_poll(ctx.file)
    found = polls.time_standings(ctx.file, poll, ctx.now) if poll is not None else []
    if poll is None or not found:
        return []
    title = "card.times" if poll.meeting_id is None else "card.times-move"
    rows = []
    for each in found:
        missing = ctx.words("times.missing", agencies=formatting.names(ctx, each.missing))
        said = f"• {_span(ctx, poll, each.at)}: {_quorum(ctx, each)}"
        rows.append(f"{said} · {missing}" if each.missing else said)
    return [section(lines(ctx.words(title), *rows))]


NOTIFICATIONS = (CaseMessage(Kind.TIMES_ASKED, times_asked), CaseMessage(Kind.TIMES_BEST, times_best))

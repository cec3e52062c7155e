"""What is said in Slack of mail: an answer that lacks something, one that was not used, mail that waits."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.calendar.entry import is_tentative
from bot.domain.case.calendar import Asked
from bot.domain.case.entities import Answer, Ask
from bot.domain.notification_params import HeldAnswer
from bot.texts.words import Words
from handlers.answers.messages import CONFIRM, DECLINE, answering, how_to_reach, own_ask, record, stands
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import actions, as_asked, bullets, button, lines, section


def calendar_answer(ctx: RenderContext) -> Message | None:
    """To the one asked: a forfall without a reason, or «maybe». Goes when it is mended. Subject: the ask."""
    ask = own_ask(ctx)
    if ask is None:
        return None
    meeting = ctx.file.meeting(ask.meeting_id)
    if meeting.starts_at <= ctx.now:
        return None
    named = {"code": formatting.code(ctx), "when": formatting.when(ctx, meeting)}
    if is_tentative(ctx.file, ask):
        text = ctx.words("calendar-answer.tentative", **named)
        buttons = answering(ctx, ask, meeting)[1:]
        return Message(ctx.words("calendar-answer.tentative-short"), [section(text), *buttons])
    if ask.answer is not Answer.DECLINED or ask.reason is not None:
        return None
    agency = ctx.agency(ctx.file.agency_of_ask(ask))
    asked = as_asked(ask.id, ask.sequence)
    buttons = [
        actions(
            button(ctx.words("press.give-reason"), DECLINE, asked, primary=True),
            button(ctx.words("press.come-anyway"), CONFIRM, asked),
        )
    ]
    text = ctx.words("calendar-answer.declined", agency=agency, **named)
    return Message(ctx.words("calendar-answer.declined-short"), [section(text), *buttons])


def held_reply(ctx: RenderContext) -> Message | None:
    """To a coordinator: what came by mail, what it proposes, and why it was not used. Subject: the ask.

    It goes when the meeting moves: the answer was about another time.
    """
    file = ctx.file
    ask = file.asked(ctx.notification.subject)
    if ask is None or not formatting.for_coordinator(ctx) or not file.open:
        return None
    held = ctx.notification.params_as(HeldAnswer)
    meeting = file.meeting(ask.meeting_id)
    if held.sequence != meeting.sequence:
        return None
    words = ctx.words
    title = words(
        "held.title",
        person=_person(ctx, ask),
        agency=_for_whom(ctx, ask),
        code=formatting.code(ctx),
        when=formatting.when(ctx, meeting),
    )
    said = section(lines(title, *why_held(words, held, ctx.zone)))
    if not isinstance(ask, Ask):
        return Message(words("held.short"), [said, section(words("held.liaison"))])
    blocks = [said, section(lines(words("held.what-now"), how_to_reach(ctx, ask)))]
    part = file.duty(ask.duty_id).involvement_id
    recording = record(ctx, ask) if stands(ctx, ask) else None
    if recording is not None and not file.reached_directly(ask.person_id, part):
        blocks.append(actions(recording))
    return Message(words("held.short"), blocks)


def _person(ctx: RenderContext, asked: Asked) -> str:
    if isinstance(asked, Ask):
        return formatting.asked_one(ctx, asked)
    return formatting.mention(ctx.file, asked.person_id) or ctx.words("person.unknown")


def _for_whom(ctx: RenderContext, asked: Asked) -> str:
    """The agency that somebody is asked for, or that they are a liaison."""
    if isinstance(asked, Ask):
        return ctx.agency(ctx.file.agency_of_ask(asked))
    return ctx.words("liaison.role")


def why_held(words: Words, held: HeldAnswer, zone: ZoneInfo) -> list[str]:
    """Return why an answer was not used, what it proposes, and for what other time."""
    why = [words(f"held.why-{held.doubt}")]
    if held.answer is not None:
        why.append(words(f"held.proposed-{held.answer}"))
    if held.start is not None:
        why.append(words("held.proposed-start", when=words.when(held.start, zone)))
    return why


def mail_waits(ctx: RenderContext) -> Message | None:
    """To a coordinator: invites that an operator has to help on their way. Goes when they have left."""
    file = ctx.file
    if ctx.notification.subject != file.case.id or not formatting.for_coordinator(ctx):
        return None
    waiting = [
        (entry, ask)
        for entry in file.entries
        if entry.trouble is not None and (ask := file.asked(entry.about)) is not None
    ]
    if not waiting:
        return None
    why = dict.fromkeys(ctx.words(f"waits.trouble-{entry.trouble}") for entry, _ in waiting)
    people = dict.fromkeys(
        ctx.words(
            "waits.row",
            agency=_for_whom(ctx, ask),
            person=_person(ctx, ask),
        )
        for _, ask in waiting
    )
    text = lines(ctx.words("waits.title", code=formatting.code(ctx)), *why)
    return Message(ctx.words("waits.short"), [section(text), section(bullets(list(people)))])

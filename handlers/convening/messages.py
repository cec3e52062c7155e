"""Messages about requests to convene: to the coordinators, and to the one who asked."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.domain.convening import Convening
from bot.domain.notifications import Kind
from bot.domain.outside import is_half_way, superseded
from bot.texts.words import Words
from bot.usecases.convening import ConveningView, convening_view
from handlers.blocks.context import Block, Message, PersonRenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, context, lines, quoted, section
from handlers.blocks.people import mention
from handlers.case.messages import OPEN_CASE_FROM
from handlers.delivery.declarations import PersonMessage

DECLINE_CONVENING = ActionId("decline_convening", "convening")


def agency(words: Words, now: ConveningView) -> str:
    """The agency that asks, by the name that may be shown."""
    return escape(now.agency.shown_name) if now.agency is not None else words("convene.another-service")


def asked(words: Words, now: ConveningView, reader: str) -> Message | None:
    """To a coordinator: who asks, how urgent it is, and the two answers; decided, only what came of it."""
    convening = now.convening
    if reader not in now.coordinators:
        return None
    if not convening.open:
        text = words("convene.decided", agency=agency(words, now), outcome=_outcome(words, convening))
        return Message(words("convene.decided-short"), [section(text), context(_deleted(words, convening))])
    note = [section(quoted(convening.note))] if convening.note else []
    return Message(
        words("convene.asked-short"),
        [
            section(lines(_title(words, now), _due(words, now))),
            *note,
            actions(*buttons(words, convening)),
            context(words("convene.nothing-along"), f"*{words('said.emergency')}*"),
        ],
    )


def buttons(words: Words, convening: Convening) -> list[Block]:
    """Yes and no."""
    return [
        button(words("press.convene"), OPEN_CASE_FROM, convening.item, primary=True),
        button(words("press.not-convene"), DECLINE_CONVENING, convening.id),
    ]


def stands(words: Words, now: ConveningView, reader: str) -> Message | None:
    """To the one who asked: where it stands."""
    convening = now.convening
    if reader != convening.asker:
        return None
    head = words(
        "convene.yours",
        agency=agency(words, now),
        urgency=words(f"urgency.{convening.urgency}"),
        when=words.when(convening.asked_at, ZoneInfo(now.team.zone)),
    )
    return Message(
        words("convene.yours-short"),
        [
            section(lines(head, where_it_stands(words, now))),
            *([] if convening.open else [context(_deleted(words, convening))]),
            context(f"*{words('guidance.no-report')}*"),
        ],
    )


def where_it_stands(words: Words, now: ConveningView) -> str:
    """One sentence on what has come of it, for the one who asked."""
    convening = now.convening
    if convening.open:
        return words("convene.stands.waits")
    return words("convene.stands.yes" if convening.convened else "convene.stands.no")


def decided(words: Words, now: ConveningView, reader: str) -> Message | None:
    """To the one who asked: the answer."""
    convening = now.convening
    if reader != convening.asker or convening.open:
        return None
    if convening.convened:
        return Message(words("convene.yes-short"), [section(words("convene.yes"))])
    who = mention(words, now.persons.get(convening.decided_by or ""))
    text = words("convene.no", reason=words(f"not-convened.{convening.reason}"), who=who)
    return Message(words("convene.no-short"), [section(text)])


def waits(words: Words, now: ConveningView, reader: str, *, half: bool) -> Message | None:
    """To a coordinator: that it waits to be decided. Goes when it is."""
    if not now.convening.open or reader not in now.coordinators:
        return None
    late = words("convene.waits-half" if half else "convene.waits-end")
    return Message(
        words("convene.waits-short"),
        [section(lines(_title(words, now), late)), actions(*buttons(words, now.convening))],
    )


def _title(words: Words, now: ConveningView) -> str:
    convening = now.convening
    return words(
        "convene.asked",
        agency=agency(words, now),
        who=mention(words, now.persons.get(convening.asker)),
        team=escape(now.team.name),
        urgency=words(f"urgency.{convening.urgency}"),
        when=words.when(convening.asked_at, ZoneInfo(now.team.zone)),
    )


def _due(words: Words, now: ConveningView) -> str:
    return words("convene.due", due=words.when(now.convening.due_at, ZoneInfo(now.team.zone)))


def _outcome(words: Words, convening: Convening) -> str:
    return words("convene.outcome-yes") if convening.convened else words(f"not-convened.{convening.reason}")


def _deleted(words: Words, convening: Convening) -> str:
    day = words.day(convening.delete_on) if convening.delete_on is not None else ""
    return words("convene.deleted", day=day)


def _waits(ctx: PersonRenderContext, now: ConveningView) -> Message | None:
    if superseded(ctx.notification, now.convening.due_at, ctx.now):
        return None
    return waits(ctx.words, now, ctx.person.id, half=is_half_way(ctx.notification))


def _of_request(
    make: Callable[[PersonRenderContext, ConveningView], Message | None],
) -> Callable[[PersonRenderContext], Message | None]:
    """Of a request to convene as it stands; of one that is purged there is nothing."""

    def made(ctx: PersonRenderContext) -> Message | None:
        now = convening_view(ctx.uow, ctx.notification.subject)
        return make(ctx, now) if now is not None else None

    return made


NOTIFICATIONS = (
    PersonMessage(Kind.CONVENE_ASKED, _of_request(lambda ctx, now: asked(ctx.words, now, ctx.person.id))),
    PersonMessage(Kind.CONVENE_STANDS, _of_request(lambda ctx, now: stands(ctx.words, now, ctx.person.id))),
    PersonMessage(Kind.CONVENE_DECIDED, _of_request(lambda ctx, now: decided(ctx.words, now, ctx.person.id))),
    PersonMessage(Kind.CONVENE_WAITS, _of_request(_waits)),
)

"""Messages about placements and other dates. The deliverer has checked that a reminder is still planned."""

from __future__ import annotations

from bot.domain.case.dates import Deadline, Placement
from bot.domain.dates import lacking
from bot.domain.notifications import Kind, PlacementChange
from bot.texts.words import Words
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.delivery.declarations import CaseMessage
from handlers.meeting.messages import next_meeting

END_PLACEMENT = ActionId("end_placement", "placement")
PLACEMENT = ActionId("placement", "case; with a bar and an id, the placement that is extended")
END_DEADLINE = ActionId("end_deadline", "deadline")


def placement_meeting(ctx: RenderContext, placement: Placement) -> Message:
    """To a coordinator: it is time to plan what comes after the placement."""
    text = lines(_title(ctx, placement), ctx.words("placement.plan"), who_lacks(ctx, placement))
    return Message([section(text), actions(next_meeting(ctx), *ending(ctx.words, placement))])


def who_lacks(ctx: RenderContext, placement: Placement) -> str | None:
    """The kinds of agencies that should be in the case for the person, and are not."""
    kinds = [ctx.words(f"agency-kind.{kind}") for kind in lacking(ctx.file, placement.person)]
    return ctx.words("card.placement-lacks", kinds=ctx.words.several(kinds)) if kinds else None


def placed(words: Words, placement: Placement, *, over: bool = False) -> str:
    """A person and the dates of their placement; in red once it is over."""
    start, end = words.day(placement.starts_on), words.day(placement.ends_on)
    key = "card.placement-over" if over else "card.placement"
    return words(key, person=placement.person, start=start, end=end)


def placement_told(ctx: RenderContext, placement: Placement) -> Message | None:
    """To the room: a placement is entered, or has ended. To a coordinator: whom to tell."""
    words, begun = ctx.words, not ctx.notification.params_as(PlacementChange).ended
    if placement.live and not begun:
        return None
    if ctx.recipient is None:
        # At its end the room learns only that the next step is settled: which one tells about the person.
        ended = words("placement.ended", person=placement.person)
        return Message([section(placed(words, placement) if begun else ended)])
    parts = [i for i in ctx.file.outside_room() if placement.person in i.persons]
    if not parts:
        return None
    text = words(
        "placement.tell-begun" if begun else "placement.tell-ended",
        person=placement.person,
        code=formatting.code(ctx),
        agencies=formatting.names(ctx, parts),
    )
    return Message([section(text)])


def placement_end(ctx: RenderContext, placement: Placement) -> Message:
    """To a coordinator: the placement ends, or is over, and what comes after has not been recorded."""
    words = ctx.words
    over = placement.ends_on < ctx.file.team.day_of(ctx.now)
    text = lines(_title(ctx, placement), words("placement.after-over" if over else "placement.after"))
    return Message([section(text), actions(*ending(words, placement), next_meeting(ctx))])


def ending(words: Words, placement: Placement) -> list[Block]:
    """The buttons that say what comes after a placement, which nobody has to say more of."""
    return [
        button(words("press.end-placement"), END_PLACEMENT, placement.id),
        button(words("press.extend-placement"), PLACEMENT, f"{placement.case_id}|{placement.id}"),
    ]


def deadline_due(ctx: RenderContext, deadline: Deadline) -> Message:
    """To the owners of the date: the agency's people, or the coordinators."""
    words = ctx.words
    title = words("deadline.title", code=formatting.code(ctx))
    day = words.today_or(deadline.due_on, ctx.zone)
    done = actions(button(words("press.end-deadline"), END_DEADLINE, deadline.id, primary=True))
    return Message([section(lines(title, dated(words, deadline, day))), done])


def dated(words: Words, deadline: Deadline, day: str) -> str:
    """What a date is for, and the day as said here."""
    if deadline.person is None:
        what = words("deadline.own", what=escape(deadline.text))
    else:
        what = words("deadline.reflection", person=deadline.person)
    return lines(what, words("action.when", day=day))


def _title(ctx: RenderContext, placement: Placement) -> str:
    over = placement.ends_on < ctx.file.team.day_of(ctx.now)
    return ctx.words(
        "placement.title-over" if over else "placement.title",
        code=formatting.code(ctx),
        person=placement.person,
        day=ctx.words.day(placement.ends_on),
    )


NOTIFICATIONS = (
    CaseMessage(Kind.PLACEMENT_MEETING, placement_meeting),
    CaseMessage(Kind.PLACEMENT_TOLD, placement_told),
    CaseMessage(Kind.PLACEMENT_END, placement_end),
    CaseMessage(Kind.DEADLINE_DUE, deadline_due),
)

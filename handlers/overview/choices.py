"""«Valg»: what a person needs in a case now, one tap each, and what the card leaves out.

«Flere valg» shows the rest in its place.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.access import Action
from bot.domain.answers import standing_of
from bot.domain.case.entities import Involvement, Meeting
from bot.domain.case.file import Standing
from bot.domain.overview.told import is_summoned
from bot.domain.polls import standing_poll
from bot.usecases.overview import see_choices
from handlers.answers.messages import answering
from handlers.answers.requests import of_agency, seen
from handlers.attendance import messages as attendance_messages
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import (
    VIEW_BLOCKS,
    ActionId,
    actions,
    button,
    context,
    divider,
    lines,
    menu,
    section,
)
from handlers.blocks.formatting import Part, fit
from handlers.blocks.modal import CallbackId, View, modal
from handlers.coordinating import holder
from handlers.involvement.messages import CHOICES, INVOLVEMENT
from handlers.involvement.requests import involvement
from handlers.lifecycle.messages import TAKE_UP
from handlers.overview.agencies import in_full
from handlers.polls import messages as polls_messages
from handlers.slack.requests import ActionRequest
from handlers.slack.vocabulary import Choice, Group, choice_of

CHOICES_VIEW = CallbackId("choices", heading="press.choices", submit=None)
MORE_CHOICES = ActionId("more_choices", "case")

#: «Valg» begins with at most this many of these words as buttons, in this order, and «Flere valg».
MOST_FIRST = 5
FIRST = ("attendance", "calls", "meeting", "move", "invite", "actions", "close")


async def see(request: ActionRequest) -> None:
    """Open «Valg»: what one needs in the case now, one tap each."""
    await request.open(choices_view(*await _seen(request), request.services.placed))


async def more(request: ActionRequest) -> None:
    """Show the rest of what one can do in the case, in place of «Valg»."""
    await request.open(more_choices_view(*await _seen(request), request.services.placed))


async def _seen(request: ActionRequest) -> tuple[RenderContext, frozenset[Action]]:
    file, may = await request.look(see_choices, request.value)
    return seen(request, file), may


async def agency(request: ActionRequest) -> None:
    """Open what an agency's menu offers: record an answer, change or end its part, ask an expected one."""
    choice, _, involvement_id = request.value.partition(":")
    if choice == "answer":
        await of_agency(request, involvement_id)
    else:
        await involvement(request, choice, involvement_id)


def choices_view(ctx: RenderContext, may: frozenset[Action], placed: Sequence[Choice]) -> View:
    """Return the form for the context's reader; `may` are the acts that they may do in the case."""
    meeting = ctx.file.next_meeting(ctx.now)
    poll = standing_poll(ctx.file)
    top = [
        *_own(ctx, meeting),
        *(polls_messages.overview(ctx, poll) if poll is not None else []),
        actions(
            *_buttons(ctx, _useful_now(ctx, may, placed)),
            button(ctx.words("press.more-choices"), MORE_CHOICES, ctx.file.case.id),
        ),
    ]
    foot = [context(ctx.words.count("card.retention", ctx.file.team.rules.retention_days))]
    parts = ([top], _agencies(ctx, may, meeting), [foot])
    return modal(ctx.words, CHOICES_VIEW, fit(ctx.words, parts, VIEW_BLOCKS))


def more_choices_view(ctx: RenderContext, may: frozenset[Action], placed: Sequence[Choice]) -> View:
    """Return the form with the choices that `choices_view` does not begin with."""
    first, nowhere = _useful_now(ctx, may, placed), {choice_of(key) for key in _without_meeting(ctx)}
    rest = [each for each in placed if each not in first and each.row in may and each.id not in nowhere]
    back = actions(button(ctx.words("modal.back"), CHOICES, ctx.file.case.id))
    parts = [[[back]], *(_group(ctx, group, may, rest) for group in Group)]
    return modal(ctx.words, CHOICES_VIEW, fit(ctx.words, parts, VIEW_BLOCKS))


def _useful_now(ctx: RenderContext, may: frozenset[Action], placed: Sequence[Choice]) -> list[Choice]:
    """Return the choices that are useful now.

    «calls» before a meeting, «attendance» from its start, «meeting» without one; a case that waits can be
    taken up again.
    """
    held = any(m.live and m.starts_at <= ctx.now for m in ctx.file.meetings)
    ahead = any(m.live and m.starts_at > ctx.now for m in ctx.file.meetings)
    idle = {
        *(("close",) if held else ("attendance",)),
        *(("meeting", "close") if ahead else ("move",)),
        *_without_meeting(ctx),
    }
    by_id: dict[str, Choice] = {choice.id: choice for choice in placed}
    found = [by_id[choice_of(key)] for key in FIRST if key not in idle]
    waits = [by_id[TAKE_UP]] if ctx.file.pause is not None else []
    return [choice for choice in (*waits, *found) if choice.row in may][:MOST_FIRST]


def _without_meeting(ctx: RenderContext) -> set[str]:
    """The words that the case has no meeting for: one that is over can still be called off."""
    nothing_ahead = ctx.file.next_meeting(ctx.now) is None
    nothing_called = not any(m.live for m in ctx.file.meetings)
    return {*(("move", "calls") if nothing_ahead else ()), *(("cancel",) if nothing_called else ())}


def _buttons(ctx: RenderContext, choices: Sequence[Choice]) -> list[Block]:
    """The buttons of the choices that are of use to the reader."""
    return [
        button(ctx.words(choice.place.label), choice.id, value, danger=choice.place.danger)
        for choice in choices
        if (value := choice.place.value(ctx)) is not None
    ]


def _own(ctx: RenderContext, meeting: Meeting | None) -> list[Block]:
    """Buttons to give or change the reader's own answers about the next meeting."""
    if meeting is None or ctx.recipient is None:
        return []
    own = [a for a in ctx.file.asks if (a.person_id, a.meeting_id) == (ctx.recipient.id, meeting.id)]
    return [block for ask in own if is_summoned(ctx.file, ask) for block in answering(ctx, ask, meeting)]


def _group(ctx: RenderContext, group: Group, may: frozenset[Action], rest: Sequence[Choice]) -> Part:
    elements = _buttons(ctx, [choice for choice in rest if choice.group is group])
    if not elements:
        return []
    older = _older(ctx) if group is Group.MEETING and Action.REGISTER_ATTENDANCE in may else []
    who, _ = holder(ctx) if group is Group.CASE else (None, None)
    return [[section(lines(ctx.words(group), who)), actions(*elements)], *older]


def _older(ctx: RenderContext) -> Part:
    """The registers that the reader may correct and «Oppmøte» does not open, newest first."""
    correct, everyones = ctx.words("press.correct"), formatting.for_coordinator(ctx)
    registered = [m for m in ctx.file.meetings if m.registered_at is not None]
    begun = any(m.live and m.starts_at <= ctx.now for m in ctx.file.meetings)
    newest = sorted(registered, key=lambda m: m.starts_at, reverse=True)[0 if begun else 1 :]
    theirs = [m for m in newest if everyones or (ctx.recipient is not None and m.chair == ctx.recipient.id)]
    return [
        [section(formatting.span(ctx, m), button(correct, attendance_messages.ATTENDANCE, m.id))]
        for m in theirs
    ]


def _agencies(ctx: RenderContext, may: frozenset[Action], meeting: Meeting | None) -> Part:
    file, rows = ctx.file, []
    for part in (i for i in file.involvements if i.live):
        changes = _menu(ctx, part, meeting) if Action.CHANGE_INVOLVEMENT in may else None
        rows.append([section(in_full(ctx, standing_of(file, part, meeting)), changes)])
    return [[divider(), section(ctx.words("choices.each"))], *rows] if rows else []


def _menu(ctx: RenderContext, part: Involvement, meeting: Meeting | None) -> Block:
    choices = ["change", "release"]
    if meeting is not None and any(d.involvement_id == part.id for d in ctx.file.duties_of(meeting.id)):
        choices.insert(0, "answer")
    if ctx.file.standing(part) is Standing.EXPECTED:
        choices.insert(0, "ask")
    return menu(INVOLVEMENT, [(ctx.words(f"card.{choice}"), f"{choice}:{part.id}") for choice in choices])

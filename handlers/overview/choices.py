"""«Valg»: what whoever pressed it needs in a case now, each a tap, and what the card leaves out.

The rest is behind «Flere valg», in its place.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import coordinating
from bot.domain.access import Action
from bot.domain.answers import standing_of
from bot.domain.attendance import absent_duties, arrivals_of
from bot.domain.case.entities import Involvement, Meeting
from bot.domain.case.file import Standing
from bot.domain.deputies import awaits_decision
from bot.domain.polls import standing_poll
from bot.usecases.lifecycle import can_be_undone
from bot.usecases.notifications import home_notification
from bot.usecases.overview import see_choices
from handlers.actions import messages as actions_messages
from handlers.answers.messages import ARRIVE, answering, may_see
from handlers.answers.requests import of_agency
from handlers.attendance import messages as attendance_messages
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import ActionId, actions, button, context, divider, lines, menu, section, within
from handlers.blocks.modal import CallbackId, View, modal
from handlers.coordinating import TAKE_CASE, has_it
from handlers.deputies.messages import approval_question
from handlers.involvement.messages import INVOLVEMENT
from handlers.involvement.requests import involvement
from handlers.lifecycle.giving import GIVE
from handlers.lifecycle.undoing import UNDO
from handlers.overview.agencies import in_full
from handlers.polls import messages as polls_messages
from handlers.slack.requests import ActionRequest
from handlers.slack.vocabulary import CommandWord, choose, rows_of

CHOICES_VIEW = CallbackId("choices", heading="modal.choices.title", close="modal.close")
MORE_CHOICES = ActionId("more_choices", "case")

#: The words of the room of an open case, and of somebody's own part in it, in the order in which they stand.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("choices.meeting", ("calls", "meeting", "move", "cancel", "attendance")),
    ("choices.agencies", ("invite", "release", "deputy", "hand-over")),
    ("choices.work", ("actions", "deadline", "guidance")),
    ("choices.case", ("phase", "wait", "person", "link", "close")),
)
#: The buttons with which «Valg» begins: so many of these words, in this order, and «Flere valg».
MOST_FIRST = 5
FIRST = ("attendance", "calls", "meeting", "move", "invite", "actions", "close")
#: Of the 100 blocks of a view.
MOST_OWN, MOST_AGENCIES, MOST_OLDER = 16, 45, 3


async def see(request: ActionRequest) -> None:
    """Open «Valg»: what one needs in the case now, each a tap."""
    await request.open(choices_view(*await _seen(request), request.services.commands))


async def more(request: ActionRequest) -> None:
    """Show the rest of what one can do in the case, in place of «Valg»."""
    await request.open(more_choices_view(*await _seen(request), request.services.commands))


async def _seen(request: ActionRequest) -> tuple[RenderContext, frozenset[Action]]:
    file, may = await request.look(see_choices, request.value)
    person = request.visitor.person
    return RenderContext(file, home_notification(person.id), person, request.words, request.now), may


async def agency(request: ActionRequest) -> None:
    """The menu beside an agency in «Valg»: record an answer, change its part, end it, ask an expected one."""
    verb, _, involvement_id = request.value.partition(":")
    if verb == "answer":
        await of_agency(request, involvement_id)
    else:
        await involvement(request)


def choices_view(ctx: RenderContext, may: frozenset[Action], commands: Sequence[CommandWord]) -> View:
    """Return the form for the context's reader, who may do `may` in the case."""
    meeting, rules = ctx.file.next_meeting(ctx.now), ctx.file.team.rules
    waits = ctx.words.count("card.retention-waits", rules.record_days) if rules.record_days else None
    poll = standing_poll(ctx.file)
    own_times = polls_messages.question(ctx, poll) if poll is not None else []
    blocks = [
        *within([_own(ctx, meeting), own_times, *_approvals(ctx)], MOST_OWN)[0],
        *(polls_messages.overview(ctx, poll) if poll is not None else []),
        _first(ctx, may, commands),
        *_agencies(ctx, may, meeting),
        context(lines(ctx.words.count("card.retention", rules.retention_days), waits)),
    ]
    return modal(ctx.words, CHOICES_VIEW, blocks, submit=None)


def more_choices_view(ctx: RenderContext, may: frozenset[Action], commands: Sequence[CommandWord]) -> View:
    """Return the form with all that `choices_view` does not begin with."""
    meeting = ctx.file.next_meeting(ctx.now)
    groups = [_group(ctx, name, keys, may, commands, meeting) for name, keys in GROUPS]
    return modal(ctx.words, CHOICES_VIEW, [block for group in groups for block in group], submit=None)


def _first(ctx: RenderContext, may: frozenset[Action], commands: Sequence[CommandWord]) -> Block:
    by_key = {command.key: command for command in commands}
    channel, case_id = ctx.file.room.channel_id or "", ctx.file.case.id
    found = [choose(ctx.words, by_key[key], channel) for key in _of_use(ctx, may, commands)]
    return actions(*found, button(ctx.words("press.more-choices"), MORE_CHOICES, case_id))


def _of_use(ctx: RenderContext, may: frozenset[Action], commands: Sequence[CommandWord]) -> list[str]:
    """The words of use now: before a meeting who answers, from its start who came, without one a meeting."""
    held = any(m.live and m.starts_at <= ctx.now for m in ctx.file.meetings)
    ahead = any(m.live and m.starts_at > ctx.now for m in ctx.file.meetings)
    idle = {
        *(("close",) if held else ("attendance",)),
        *(("meeting", "close") if ahead else ("move",)),
        *(() if ctx.file.next_meeting(ctx.now) is not None else ("calls",)),
    }
    rows = {command.key: rows_of(command.may)[0] for command in commands}
    return [key for key in FIRST if key not in idle and rows[key] in may][:MOST_FIRST]


def _own(ctx: RenderContext, meeting: Meeting | None) -> list[Block]:
    """One's own answers about the next meeting, to be given or changed."""
    if meeting is None or ctx.recipient is None:
        return []
    own = [a for a in ctx.file.asks if (a.person_id, a.meeting_id) == (ctx.recipient.id, meeting.id)]
    return [block for ask in own if may_see(ctx, ask) for block in answering(ctx, ask, meeting)]


def _approvals(ctx: RenderContext) -> list[list[Block]]:
    if not formatting.for_coordinator(ctx):
        return []
    waiting = (a for a in ctx.file.asks if awaits_decision(ctx.file, a, ctx.now))
    return [approval_question(ctx, ask) for ask in waiting]


def _group(
    ctx: RenderContext,
    name: str,
    keys: Sequence[str],
    may: frozenset[Action],
    commands: Sequence[CommandWord],
    meeting: Meeting | None,
) -> list[Block]:
    words, channel = ctx.words, ctx.file.room.channel_id or ""
    by_key = {command.key: command for command in commands}
    first = _of_use(ctx, may, commands)
    offered = [by_key[key] for key in keys if key not in first and rows_of(by_key[key].may)[0] in may]
    elements = [choose(words, command, channel) for command in offered]
    elements += [
        button(words(key), id, value, danger=id == UNDO)
        for key, id, row, value in _more(ctx, name, meeting)
        if row in may
    ]
    late = meeting if name == "choices.meeting" and Action.REGISTER_ATTENDANCE in may else None
    right = attendance_messages.put_right(ctx, late) if late is not None and late.starts_at <= ctx.now else []
    older = _older(ctx) if name == "choices.meeting" and Action.CORRECT_ATTENDANCE in may else []
    who = has_it(ctx) if name == "choices.case" else None
    return [section(lines(words(name), who)), actions(*elements), *right, *older] if elements else []


def _more(ctx: RenderContext, name: str, meeting: Meeting | None) -> list[tuple[str, ActionId, Action, str]]:
    """A thing done by a button and no word: its label, its id, its row of the access table, its value."""
    case_id = ctx.file.case.id
    if name == "choices.case":
        undo = ("press.undo", UNDO, Action.UNDO_OPENING, case_id)
        return [*_changing_hands(ctx), *([undo] if can_be_undone(ctx.file, ctx.now) else [])]
    if name == "choices.work":
        return [
            ("press.actions", actions_messages.ACTIONS, Action.SEE_ACTIONS, case_id),
            ("press.needs", actions_messages.NEEDS, Action.KEEP_NEEDS, case_id),
        ]
    if name != "choices.meeting":
        return []
    correct = [
        ("press.correct", attendance_messages.CORRECT, Action.CORRECT_ATTENDANCE, registered.id)
        for registered in _registered(ctx)[-1:]
    ]
    if meeting is None:
        return correct
    found = [*correct, ("press.chair", attendance_messages.CHAIR, Action.NAME_CHAIR, meeting.id)]
    if meeting.starts_at <= ctx.now:
        if absent_duties(ctx.file, meeting):
            arrivals = attendance_messages.RECORD_ARRIVALS
            found.insert(0, ("press.record-arrivals", arrivals, Action.REGISTER_ATTENDANCE, meeting.id))
        here = {arrival.person_id for arrival in arrivals_of(ctx.file, meeting)}
        if ctx.recipient is not None and ctx.recipient.id not in here:
            found.insert(0, ("press.arrive", ARRIVE, Action.ARRIVE, meeting.id))
    return found


def _changing_hands(ctx: RenderContext) -> list[tuple[str, ActionId, Action, str]]:
    """Take the case over from whoever has it, or give it to another."""
    file, reader = ctx.file, ctx.recipient.id if ctx.recipient is not None else None
    others = [p for p in coordinating.may_be_given_to(file) if p != reader]
    takes = [("press.take-over", TAKE_CASE, Action.TAKE_CASE, file.case.id)]
    gives = [("press.give", GIVE, Action.GIVE_CASE, file.case.id)]
    return [*(takes if coordinating.in_charge(file) != reader else []), *(gives if others else [])]


def _registered(ctx: RenderContext) -> list[Meeting]:
    """The registered meetings that the reader leads, as a coordinator or their chair, the last one last."""
    leads = formatting.for_coordinator(ctx)
    found = [
        m
        for m in ctx.file.meetings
        if m.registered_at is not None
        and (leads or (ctx.recipient is not None and m.chair == ctx.recipient.id))
    ]
    return sorted(found, key=lambda m: m.starts_at)


def _older(ctx: RenderContext) -> list[Block]:
    """The registers before the last, the newest first: an error may be found later than the next meeting."""
    correct = ctx.words("press.correct")
    return [
        section(formatting.span(ctx, m), button(correct, attendance_messages.CORRECT, m.id))
        for m in reversed(_registered(ctx)[-1 - MOST_OLDER : -1])
    ]


def _agencies(ctx: RenderContext, may: frozenset[Action], meeting: Meeting | None) -> list[Block]:
    file = ctx.file
    rows = []
    for part in (i for i in file.involvements if i.ended_at is None):
        changes = _menu(ctx, part, meeting) if Action.CHANGE_INVOLVEMENT in may else None
        rows.append(section(in_full(ctx, standing_of(file, part, meeting)), changes))
    if not rows:
        return []
    left = formatting.more(ctx.words, len(rows) - MOST_AGENCIES)
    return [divider(), section(ctx.words("choices.each")), *rows[:MOST_AGENCIES], *left]


def _menu(ctx: RenderContext, part: Involvement, meeting: Meeting | None) -> Block:
    choices = ["change", "release"]
    if meeting is not None and any(d.involvement_id == part.id for d in ctx.file.duties_of(meeting.id)):
        choices.insert(0, "answer")
    if ctx.file.standing(part) is Standing.EXPECTED:
        choices.insert(0, "ask")
    return menu(INVOLVEMENT, [(ctx.words(f"card.{choice}"), f"{choice}:{part.id}") for choice in choices])

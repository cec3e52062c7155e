"""Needs and actions in words, and the direct messages about actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain import actions as rules
from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Need
from bot.domain.notifications import Kind
from bot.texts.words import Words
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.delivery.declarations import CaseMessage

AGREE_ACTION = ActionId("agree_action", "case; for one more also the day, after a bar")
ACTIONS = ActionId("actions", "case")
ACTION_DONE = ActionId("action_done", "action")
CHANGE_ACTION = ActionId("change_action", "action")
END_ACTION = ActionId("end_action", "action")
NEEDS = ActionId("needs", "case")
TAKE_NEED = ActionId("take_need", "need")

#: The mark before a late action.
RED = ":red_circle: "
_KNOWN = frozenset(need.value for need in Need)


def need(words: Words, name: str) -> str:
    """A need with a capital: a predefined one in words, or the team's own."""
    said = words(f"need.{name}") if name in _KNOWN else name
    return said[:1].upper() + said[1:]


def persons(words: Words, file: CaseFile, letters: str) -> str:
    """The persons concerned: empty in a case of one person, «alle» for all of them."""
    if file.case.persons == 1:
        return ""
    return words("action.all-persons") if letters == file.case.letters else words.several(letters)


def what(words: Words, action: CaseAction) -> str:
    """Return the text, with its need if any; for only a need, that it is to be clarified. Not escaped."""
    if action.need is None:
        return action.text
    if action.text:
        return f"{need(words, action.need)}: {action.text}"
    alone = words(f"need.{action.need}") if action.need in _KNOWN else action.need
    return words("action.need-alone", need=alone)


def line(words: Words, file: CaseFile, action: CaseAction, now: datetime | None = None) -> str:
    """«Bolig · A og B · frist ti. 8. des.»; with a time, in red when the day is over."""
    late = now is not None and rules.overdue(file, action, now)
    key = "action.late" if late else "action.due"
    pieces = [
        escape(what(words, action)),
        persons(words, file, action.persons),
        words(key, day=words.short_day(action.due_on)),
    ]
    joined = " · ".join(piece for piece in pieces if piece)
    return f"{RED}{joined}" if late else joined


def owner(words: Words, file: CaseFile, involvement_id: str) -> str:
    """The agency, and whether it has to be rung; in red if its part in the case is over."""
    agency = escape(file.agency_of(involvement_id).shown_name)
    if not file.involvement(involvement_id).live:
        return words("action.owner-left", agency=agency)
    key = "action.owner-rung" if rules.must_be_rung(file, involvement_id) else "action.owner"
    return words(key, agency=agency)


def by_owner(file: CaseFile, actions: Sequence[CaseAction]) -> dict[str, list[CaseAction]]:
    """Group actions by the owner's part: agencies in the order of the card, actions in the order given."""
    found = {i.id: [a for a in actions if a.involvement_id == i.id] for i in file.involvements}
    return {involvement_id: theirs for involvement_id, theirs in found.items() if theirs}


def taken(words: Words, file: CaseFile, each: CaseNeed) -> str:
    """A need and its owner; in red if nobody has taken it."""
    part = rules.owner_of(file, each)
    named = escape(need(words, each.need))
    if part is None:
        return words("need-of.nobody", need=named)
    return f"{named}: {escape(file.agency_of(part.id).shown_name)}"


def how_many(words: Words, file: CaseFile, now: datetime) -> str | None:
    """The number of open actions, and of late ones; None when there are none."""
    found = rules.open_actions(file)
    if not found:
        return None
    late = sum(rules.overdue(file, a, now) for a in found)
    return words.count("action.open-late" if late else "action.open", len(found), late=late)


def action_agreed(ctx: RenderContext, action: CaseAction) -> Message:
    """To the owner's people: the action, and later how it ended.

    Actions agreed soon after are in the same message, as many as it takes.
    """
    before = next((each for each in ctx.file.actions if each.id == action.follows), None)
    several = rules.agreed_together(ctx.file, action)
    key = "action.agreed-several" if len(several) > 1 else _new(action, before)
    title = ctx.words(key, code=formatting.code(ctx), agency=_agency(ctx, action))
    if before is not None:
        day = ctx.words.day(before.due_on)
        title = lines(title, ctx.words("action.before", agency=_agency(ctx, before), day=day))
    return _several(ctx, title, several)


def _new(action: CaseAction, before: CaseAction | None) -> str:
    if before is None:
        return "action.agreed"
    return "action.moved" if before.involvement_id == action.involvement_id else "action.taken-over"


def action_due(ctx: RenderContext, action: CaseAction) -> Message:
    """To the owner's people: how long is left, or that time is up. `action` is the first one due that day."""
    text = ctx.words("action.due-title", code=formatting.code(ctx), left=_left(ctx, action))
    return _several(ctx, text, rules.due_together(ctx.file, action))


def action_leader(ctx: RenderContext, action: CaseAction) -> Message:
    """To the owner's leader, who has no seat: without the code, and without what the action is."""
    text = ctx.words(
        "action.leader",
        team=formatting.team(ctx),
        agency=_agency(ctx, action),
        coordinator=formatting.coordinator(ctx),
        day=ctx.words.day(action.due_on),
    )
    return Message([section(text)])


def _to_coordinator(key: str) -> Callable[[RenderContext, CaseAction], Message]:
    def show(ctx: RenderContext, action: CaseAction) -> Message:
        agency = ctx.file.agency_of(action.involvement_id)
        text = ctx.words(key, code=formatting.code(ctx), agency=ctx.agency(agency), left=_left(ctx, action))
        told = lines(text, formatting.duty_line(ctx.words, agency))
        return _several(ctx, told, rules.due_together(ctx.file, action))

    return show


def _agency(ctx: RenderContext, action: CaseAction) -> str:
    return ctx.agency(ctx.file.agency_of(action.involvement_id))


def _left(ctx: RenderContext, action: CaseAction) -> str:
    key = "action.left-over" if rules.overdue(ctx.file, action, ctx.now) else "action.left"
    return ctx.words(key, day=ctx.words.today_or(action.due_on, ctx.zone))


def _several(ctx: RenderContext, said: str, found: Sequence[CaseAction]) -> Message:
    rows = [_shown(ctx, action) for action in found]
    return Message(formatting.fit(ctx.words, [[[section(said)], *rows]]))


def _shown(ctx: RenderContext, action: CaseAction) -> list[Block]:
    words, file = ctx.words, ctx.file
    text = line(words, file, action)
    if action.outcome is not None:
        return [section(lines(text, words("action.ended", how=words(f"outcome.{action.outcome}"))))]
    now = next((each for each in file.actions if each.follows == action.id), None)
    if now is not None:
        changed = words("action.changed", agency=_agency(ctx, now), day=words.day(now.due_on))
        return [section(lines(text, changed))]
    return [section(text), ending(words, action)]


def ending(words: Words, action: CaseAction) -> Block:
    return actions(
        button(words("press.action-done"), ACTION_DONE, action.id, primary=True),
        button(words("press.end-action"), END_ACTION, action.id),
        button(words("press.change-action"), CHANGE_ACTION, action.id),
    )


NOTIFICATIONS = (
    CaseMessage(Kind.ACTION_AGREED, action_agreed),
    CaseMessage(Kind.ACTION_DUE, action_due),
    CaseMessage(Kind.ACTION_CALL, _to_coordinator("action.call")),
    CaseMessage(Kind.ACTION_LEADER, action_leader),
    CaseMessage(Kind.ACTION_OVERDUE, _to_coordinator("action.overdue")),
)

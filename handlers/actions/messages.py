"""Needs and actions in words, and the direct messages about actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.actions import action as action_of
from bot.domain.actions import leaders_of, must_be_rung, open_actions, overdue, owner_of, people_of, successor
from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Need
from bot.domain.reminders import today
from bot.texts.words import Words
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, Scene, escape
from handlers.blocks.elements import actions, button, lines, section
from handlers.slack.ids import ActionId

#: Before what is late.
RED = ":red_circle: "
_KNOWN = frozenset(need.value for need in Need)


def need(words: Words, name: str) -> str:
    """A need, with a capital: one that has words, or the team's own."""
    said = words(f"need.{name}") if name in _KNOWN else name
    return said[:1].upper() + said[1:]


def persons(words: Words, file: CaseFile, letters: str) -> str:
    """Whom it is about: nothing in a case of one person, «alle» where it is all of them."""
    if file.case.persons == 1:
        return ""
    return words("action.all-persons") if letters == file.case.letters else words.several(letters)


def what(words: Words, action: CaseAction) -> str:
    """What an action is."""
    if action.need is None:
        return escape(action.text)
    named = escape(need(words, action.need))
    return words("action.need-and-text", need=named, text=escape(action.text)) if action.text else named


def line(words: Words, file: CaseFile, action: CaseAction, now: datetime) -> str:
    """«Bolig · A og B · frist ti. 8. des.»; in red when that day is over."""
    late = overdue(file, action, now)
    key = "action.late" if late else "action.due"
    pieces = [
        what(words, action),
        persons(words, file, action.persons),
        words(key, day=words.short_day(action.due_on)),
    ]
    joined = " · ".join(piece for piece in pieces if piece)
    return f"{RED}{joined}" if late else joined


def owner(words: Words, file: CaseFile, involvement_id: str) -> str:
    """The agency, and whether somebody has to ring it; in red one whose part in the case is over."""
    agency = escape(file.agency_of(involvement_id).shown_name)
    if file.involvement(involvement_id).ended_at is not None:
        return words("action.owner-left", agency=agency)
    key = "action.owner-rung" if must_be_rung(file, involvement_id) else "action.owner"
    return words(key, agency=agency)


def by_owner(file: CaseFile, actions: Sequence[CaseAction]) -> dict[str, list[CaseAction]]:
    """Actions by the owner's part, agencies in the order of the card, each one's in the order given."""
    found = {i.id: [a for a in actions if a.involvement_id == i.id] for i in file.involvements}
    return {involvement_id: theirs for involvement_id, theirs in found.items() if theirs}


def taken(words: Words, file: CaseFile, each: CaseNeed) -> str:
    """A need and whose it is; in red when it is nobody's."""
    part = owner_of(file, each)
    named = escape(need(words, each.need))
    if part is None:
        return words("need-of.nobody", need=named)
    return words("need-of.agency", need=named, agency=escape(file.agency_of(part.id).shown_name))


def how_many(words: Words, file: CaseFile, now: datetime, key: str = "action.open") -> str | None:
    """How many actions are open, and how many of them are late; nothing when there are none.

    `key` is where the words stand: "home.open" for a line of its own, which has to say what is open.
    """
    found = open_actions(file)
    if not found:
        return None
    late = sum(overdue(file, a, now) for a in found)
    return words.count(f"{key}-late" if late else key, len(found), late=late)


def action_agreed(scene: Scene) -> Message | None:
    """To the owner's people: what they will do, and later how it ended. Subject: the action."""
    action = _own(scene)
    if action is None:
        return None
    before = action_of(scene.file, action.follows) if action.follows else None
    said = scene.words(_new(action, before), code=formatting.code(scene), agency=_agency(scene, action))
    text = lines(said, _was(scene, before) if before is not None else None)
    return Message(scene.words("action.agreed-short"), [section(text), *_shown(scene, action)])


def _new(action: CaseAction, before: CaseAction | None) -> str:
    """What is new to its owner: the action, that it is theirs now, or its day. The key of the words."""
    if before is None:
        return "action.agreed"
    return "action.moved" if before.involvement_id == action.involvement_id else "action.taken-over"


def _was(scene: Scene, before: CaseAction) -> str:
    """Whose it was, and when it was due, before it was changed."""
    day = scene.words.day(before.due_on)
    return scene.words("action.before", agency=_agency(scene, before), day=day)


def action_due(scene: Scene) -> Message | None:
    """To the owner's people: how long is left, or that it is over. Subject: the action."""
    action = _own(scene)
    if action is None or not action.open:
        return None
    text = scene.words("action.due-title", code=formatting.code(scene), left=_left(scene, action))
    return Message(scene.words("action.due-short"), [section(text), *_shown(scene, action)])


def action_call(scene: Scene) -> Message | None:
    """To a coordinator: the owner must be rung about it. Subject: the action."""
    return _to_coordinator(scene, "action.call", "action.call-short")


def action_overdue(scene: Scene) -> Message | None:
    """To a coordinator: it has been over for days. Subject: the action."""
    return _to_coordinator(scene, "action.overdue", "action.overdue-short")


def action_leader(scene: Scene) -> Message | None:
    """To the owner's leader, who has no seat: no code, nothing of what it is. Subject: the action."""
    action = action_of(scene.file, scene.intent.subject)
    reader = scene.recipient
    if action is None or reader is None or not action.open or reader.id not in leaders_of(scene.file, action):
        return None
    text = scene.words(
        "action.leader",
        team=formatting.team(scene),
        agency=_agency(scene, action),
        coordinator=formatting.coordinator(scene),
        day=scene.words.day(action.due_on),
    )
    return Message(scene.words("action.leader-short"), [section(text)])


def _own(scene: Scene) -> CaseAction | None:
    """The action, if it belongs to an agency of the reader's."""
    action = action_of(scene.file, scene.intent.subject)
    reader = scene.recipient
    if action is None or reader is None or not scene.file.open:
        return None
    return action if reader.id in people_of(scene.file, action.involvement_id) else None


def _to_coordinator(scene: Scene, key: str, short: str) -> Message | None:
    action = action_of(scene.file, scene.intent.subject)
    if action is None or not action.open or not formatting.for_coordinator(scene):
        return None
    agency = scene.file.agency_of(action.involvement_id)
    text = scene.words(
        key, code=formatting.code(scene), agency=scene.agency(agency), left=_left(scene, action)
    )
    blocks = [section(lines(text, formatting.duty_line(scene, agency))), *_shown(scene, action)]
    return Message(scene.words(short), blocks)


def _agency(scene: Scene, action: CaseAction) -> str:
    return scene.agency(scene.file.agency_of(action.involvement_id))


def _left(scene: Scene, action: CaseAction) -> str:
    days = (action.due_on - today(scene.file, scene.now)).days
    if days == 0:
        return scene.words("action.left-today")
    key = "action.left" if days > 0 else "action.left-over"
    return scene.words.count(key, abs(days))


def _shown(scene: Scene, action: CaseAction) -> list[Block]:
    """What it is, for whom, when; then its buttons, or how it ended."""
    words, file = scene.words, scene.file
    whom = persons(words, file, action.persons)
    text = lines(
        words("action.what", what=what(words, action)),
        words("action.whom", persons=whom) if whom else None,
        words("action.when", day=words.day(action.due_on)),
    )
    if action.outcome is not None:
        return [section(lines(text, words("action.ended", how=words(f"outcome.{action.outcome}"))))]
    now = successor(file, action)
    if now is not None:
        changed = words("action.changed", agency=_agency(scene, now), day=words.day(now.due_on))
        return [section(lines(text, changed))]
    return [section(text), ending(scene, action)]


def ending(scene: Scene, action: CaseAction) -> Block:
    """The buttons that end an action or change it."""
    return actions(
        button(scene.words("press.action-done"), ActionId.ACTION_DONE, action.id, primary=True),
        button(scene.words("press.end-action"), ActionId.END_ACTION, action.id),
        button(scene.words("press.change-action"), ActionId.CHANGE_ACTION, action.id),
    )

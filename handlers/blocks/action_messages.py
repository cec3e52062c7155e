"""What is said of actions in direct messages. That the plan still holds a reminder is checked before."""

from __future__ import annotations

from bot.domain.action_plan import leaders_of, today
from bot.domain.agreed import action as action_of
from bot.domain.agreed import people_of, successor
from bot.domain.case_action import CaseAction
from handlers.blocks import agreed, phrases
from handlers.blocks.elements import actions, button, lines, section
from handlers.blocks.scene import Block, Message, Scene
from handlers.ids import ActionId


def action_agreed(scene: Scene) -> Message | None:
    """To the owner's people: what they will do, and later how it ended. Subject: the action."""
    action = _own(scene)
    if action is None:
        return None
    before = action_of(scene.file, action.follows) if action.follows else None
    said = scene.words(_new(action, before), code=phrases.code(scene), agency=_agency(scene, action))
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
    text = scene.words("action.due-title", code=phrases.code(scene), left=_left(scene, action))
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
        team=phrases.team(scene),
        agency=_agency(scene, action),
        coordinator=phrases.coordinator(scene),
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
    if action is None or not action.open or not phrases.for_coordinator(scene):
        return None
    agency = scene.file.agency_of(action.involvement_id)
    text = scene.words(key, code=phrases.code(scene), agency=scene.agency(agency), left=_left(scene, action))
    blocks = [section(lines(text, phrases.duty_line(scene, agency))), *_shown(scene, action)]
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
    whom = agreed.persons(words, file, action.persons)
    text = lines(
        words("action.what", what=agreed.what(words, action)),
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

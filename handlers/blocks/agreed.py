"""Needs and actions in words, the same on the card, in Home, in messages and in forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.action_plan import overdue
from bot.domain.agreed import must_be_rung, open_actions, owner_of
from bot.domain.case_action import CaseAction
from bot.domain.case_file import CaseFile
from bot.domain.need import CaseNeed, Need
from bot.texts import Words
from handlers.blocks.scene import escape

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

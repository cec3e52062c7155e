"""Texts as people read them: emoji for their names, and no colon after a question."""

from __future__ import annotations

import re

EMOJI = {
    "+1": "👍",
    "bell": "🔔",
    "eyes": "👀",
    "no_entry": "⛔",
    "red_circle": "🔴",
    "rotating_light": "🚨",
    "warning": "⚠️",
    "white_check_mark": "✅",
}
_NAMED = re.compile(r":([a-z0-9_+-]+):")


def with_emoji(text: str) -> str:
    """The text with every emoji that is known by its name; other names stay as they are written."""
    return _NAMED.sub(lambda match: EMOJI.get(match.group(1), match.group(0)), text)


def as_read(text: str) -> str:
    """The same of fields with their values: one whose label asks has no colon."""
    return with_emoji(text).replace("?: ", "? ")

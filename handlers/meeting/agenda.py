"""The points of a team's agenda in words."""

from __future__ import annotations

from bot.domain.directory.entities import AgendaPoint
from bot.texts.words import Words
from handlers.blocks.context import escape


def in_words(words: Words, point: str) -> str:
    """A point as people read it, not escaped."""
    return words(f"agenda.{point}") if point in list(AgendaPoint) else point


def shown(words: Words, point: str) -> str:
    """A point as people read it, escaped for mrkdwn."""
    return escape(in_words(words, point))

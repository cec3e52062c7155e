"""The points of a team's agenda, in words and as ids that may travel through Slack."""

from __future__ import annotations

from hashlib import sha256

from bot.domain.case.entities import QuorumReason
from bot.domain.directory.entities import AgendaPoint
from bot.texts.words import Words
from handlers.blocks.context import escape


def point_id(point: str) -> str:
    """Return the id of a point for a button's value: a fixed point's name, or a digest of a team's own."""
    return point if point in list(AgendaPoint) else sha256(point.encode()).hexdigest()[:16]


def in_words(words: Words, point: str) -> str:
    """A point as people read it, not escaped."""
    return words(f"agenda.{point}") if point in list(AgendaPoint) else point


def shown(words: Words, point: str) -> str:
    """A point as people read it, escaped for mrkdwn."""
    return escape(in_words(words, point))


def quorum_reason(words: Words, reason: QuorumReason) -> str:
    return words(f"quorum-reason.{reason}")

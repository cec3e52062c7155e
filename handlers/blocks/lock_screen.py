"""The text of a notification: what a locked phone shows of a message, and a screen reader may read for it.

It is one of six sentences, made only here, from the kind and the deadline. Agency, place, code and subject
are in the blocks, because a phone shows `text` and nothing else (docs/slack-facts.md 16).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.notifications import URGENT_WITHOUT_DEADLINE, Kind, Origin
from bot.texts.words import Words
from handlers.blocks.context import Block, File, Message
from handlers.blocks.elements import sections

#: A deadline this near is urgent, and its clock time needs no day to be unambiguous.
SOON = timedelta(hours=12)


def lock_screen(words: Words, kind: Kind, made: Message | File, now: datetime, zone: ZoneInfo) -> str:
    """Return the sentence for a message or file of this kind. `now` is aware."""
    if isinstance(made, File):
        return words("lock-screen.calendar-file" if made.name.endswith(".ics") else "lock-screen.file")
    if made.answer_by is not None and now < made.answer_by < now + SOON:
        return words("lock-screen.answer-by", clock=words.clock(made.answer_by, zone))
    if kind in URGENT_WITHOUT_DEADLINE:
        return words("lock-screen.urgent")
    reminds = kind.origin is Origin.PLAN or kind is Kind.UNANSWERED
    return words("lock-screen.reminder" if reminds else "lock-screen.new")


def whispered(words: Words, text: str) -> tuple[str, list[Block]]:
    """Return the notification text and the blocks of an unasked message to one person only."""
    return words("lock-screen.new"), sections(text)

"""Several times for one meeting: the question which of them suit, and how each stands."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.texts.words import Words
from handlers.blocks import inputs
from handlers.blocks.context import Block
from handlers.blocks.elements import actions, section
from handlers.blocks.modal import field

#: The value of a button about one of the times, whatever they are for.
TIME = "and the time in UNIX seconds"


def more_times(words: Words) -> list[Block]:
    """The fields that make it several times instead of one; the block_ids are those of `check_times`."""
    return [
        field(words, "second_time", "field.second-time", inputs.moment(), hint=True, optional=True),
        field(words, "third_time", "field.third-time", inputs.moment(), optional=True),
    ]


def answer_by(words: Words, closes_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """To somebody who has not answered: until when that is asked for."""
    return words("times.due" if closes_at > now else "times.overdue", due=words.within(closes_at, zone))


def window(words: Words, closes_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """To a coordinator: until when answers are asked for."""
    key = "times.open-until" if closes_at > now else "times.window-over"
    return words(key, due=words.within(closes_at, zone))


def time_row(when: str, own: str, *buttons: Block) -> list[Block]:
    """One of the times, the reader's `own` answer to it, if any, and the answers that are left."""
    return [section(f"*{when}*{f' · {own}' if own else ''}"), actions(*buttons)]

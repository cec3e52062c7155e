"""Trouble with a room in Slack, and how often the coordinators are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.case.entities import Room, RoomTrouble
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind, Reminder

#: People without a right can read the room and the bot is in it: it removes everybody.
READ_BY_OTHERS = frozenset({RoomTrouble.PUBLIC, RoomTrouble.SHARED})
#: They can read it, even if the bot can do nothing about it.
IN_SIGHT = READ_BY_OTHERS | {RoomTrouble.OUT_AND_PUBLIC}
#: The bot is outside: it cannot see who is inside, or change anything.
WITHOUT_BOT = frozenset({RoomTrouble.THROWN_OUT, RoomTrouble.OUT_AND_PUBLIC})
#: The first alerts about a room in trouble. After these there is one a day while it lasts.
_FIRST = (("at-once", timedelta(0)), ("quarter", timedelta(minutes=15)), ("hour", timedelta(hours=1)))
#: How far ahead the plan looks; the scheduler plans again every hour.
_AHEAD = timedelta(days=14)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeenRoom:
    """A channel as Slack shows it. `creator` is a Slack id; `member` is whether the bot is in it."""

    name: str
    creator: str
    private: bool
    shared: bool
    archived: bool
    member: bool


def trouble_of(room: Room, seen: SeenRoom | None) -> RoomTrouble | None:
    """Return why the `seen` channel is not the closed room that the bot made; None if it is.

    If the bot is outside, only that counts, since it can do nothing about the rest. Otherwise the worst
    trouble is returned: first, that others can read the room.
    """
    if seen is None or not seen.member:
        public = seen is not None and not seen.private
        return RoomTrouble.OUT_AND_PUBLIC if public else RoomTrouble.THROWN_OUT
    found = {
        RoomTrouble.PUBLIC: not seen.private,
        RoomTrouble.SHARED: seen.shared,
        RoomTrouble.ARCHIVED: seen.archived,
        RoomTrouble.RENAMED: seen.name != room.name,
    }
    return next((trouble for trouble, is_so in found.items() if is_so), None)


def room_reminders(file: CaseFile, at: datetime | None = None) -> Iterator[Reminder]:
    """Yield every alert to the coordinators about a room in trouble, past ones included, until it is settled.

    With `at`, those up to two weeks after it.
    """
    since = file.room.trouble_at
    if file.room.trouble is None or since is None or file.case.is_being_erased:
        return
    days = (max(at or since, since) - since + _AHEAD) // _DAY
    steps = [*_FIRST, *((f"day{n}", n * _DAY) for n in range(1, days + 1))]
    for step, after in steps:
        yield Reminder(Kind.ROOM_TROUBLE, file.case, since + after, None, step)

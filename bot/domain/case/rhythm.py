"""The rhythm of a case in the working phase: when the next meeting is proposed. The coordinator decides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.worktime import ClockChangeGap


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


_NINE = time(9)


def next_time(last: datetime, rhythm: Rhythm, now: datetime, zone: ZoneInfo) -> datetime:
    """The first time ahead of `now` in this rhythm: the weekday and clock time of the last meeting.

    Moved to the next working day where the day is none. Monthly is the same weekday of the month («the second
    Tuesday»), the last one where there is no fifth.
    """
    wall = last.astimezone(zone)
    day = wall.date()
    while True:
        day = _next_day(day, rhythm, wall.date())
        at = _at(worktime.add_working_days(day, 0), wall.time(), zone)
        if at > now:
            return at


def _next_day(day: date, rhythm: Rhythm, first: date) -> date:
    if rhythm is not Rhythm.MONTHLY:
        return day + timedelta(weeks=1 if rhythm is Rhythm.WEEKLY else 2)
    begins = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    weekday = begins + timedelta(days=(first.weekday() - begins.weekday()) % 7)
    wanted = weekday + timedelta(weeks=(first.day - 1) // 7)
    return wanted if wanted.month == weekday.month else wanted - timedelta(weeks=1)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    try:
        return worktime.local(day, clock, zone)
    except ClockChangeGap:
        return worktime.local(day, _NINE, zone)

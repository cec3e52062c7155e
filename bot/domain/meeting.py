"""The next meeting of a case in the working phase: when it is proposed. The coordinator decides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.case.entities import Meeting, Phase, Rhythm
from bot.domain.case.file import CaseFile


def last_of_rhythm(file: CaseFile, now: datetime) -> Meeting | None:
    """The last meeting, if the next is to be proposed now: it is registered, or over since a working morning.

    Not while a meeting lies ahead, nor while the case waits.
    """
    case = file.case
    if not file.open or case.phase is not Phase.WORKING or case.rhythm is None or file.waits(now):
        return None
    held = [m for m in file.meetings if m.cancelled_at is None]
    last = max(held, key=lambda m: m.starts_at, default=None)
    if last is None or (last.live and now < _morning_after(file, last)):
        return None
    return last


def _morning_after(file: CaseFile, meeting: Meeting) -> datetime:
    day = file.team.day_of(meeting.ends_at) + timedelta(days=1)
    return file.team.morning(worktime.add_working_days(day, 0))


def proposed_time(file: CaseFile, last: Meeting, now: datetime) -> datetime | None:
    """In working hours; None without a rhythm."""
    if file.case.rhythm is None:
        return None
    zone = file.team.time_zone
    held = last.starts_at.astimezone(zone)
    clock = worktime.office_clock(held.time(), file.team.rules.work_hours)
    like = held if clock == held.time() else worktime.local(held.date(), clock, zone)
    return next_time(like, file.case.rhythm, now, zone)


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
    except worktime.ClockChangeGap:
        return worktime.local(day, _NINE, zone)

"""When a case in the working phase lacks its next meeting, and when that would be."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.case.entities import Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.case.rhythm import next_time


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
    """When the next meeting is proposed for, in working hours; None without a rhythm."""
    if file.case.rhythm is None:
        return None
    zone = file.team.time_zone
    held = last.starts_at.astimezone(zone)
    clock = worktime.office_clock(held.time(), file.team.rules.work_hours)
    like = held if clock == held.time() else worktime.local(held.date(), clock, zone)
    return next_time(like, file.case.rhythm, now, zone)

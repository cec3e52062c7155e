"""When a reminder falls due: mornings, days before and after. Shared by the subjects' reminder plans."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain import worktime
from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile

#: How long a reminder of something overdue is of use.
USEFUL = timedelta(days=14)


def today(file: CaseFile, now: datetime) -> date:
    """The day in the team's zone."""
    return file.team.day_of(now)


def day_for(file: CaseFile, day: date) -> date:
    """The day itself; in the working phase the last working day that is not after it."""
    if file.case.phase is Phase.ACUTE or worktime.is_working_day(day):
        return day
    return worktime.add_working_days(day, -1)


def morning(file: CaseFile, day: date) -> datetime:
    """When the team's mornings begin, in UTC."""
    return file.team.morning(day)

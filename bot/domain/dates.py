"""The agencies that usually cooperate about a placement, and the reminders of placements and other dates.

Dates are checked; legal deadlines are not computed. Source: docs/domain.md, «Sources of law».
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.domain import worktime
from bot.domain.actions import days_before, on_mornings
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import AgencyKind
from bot.domain.notifications import Kind, Reminder

#: The kinds of agencies that plan the time after a placement together. If one is not in the case, that is
#: only pointed out: a Norwegian child has no case with immigration.
COOPERATING = (AgencyKind.POLICE, AgencyKind.CHILD_WELFARE, AgencyKind.IMMIGRATION)


def cooperating(file: CaseFile, person: str) -> list[Involvement]:
    return [
        i for i in file.current() if person in i.persons and file.agencies[i.agency_id].kind in COOPERATING
    ]


def lacking(file: CaseFile, person: str) -> list[AgencyKind]:
    """Return the kinds of agencies that a placement usually needs but that are not in for this person."""
    there = {file.agencies[i.agency_id].kind for i in cooperating(file, person)}
    return [kind for kind in COOPERATING if kind not in there]


def too_long(starts_on: date, ends_on: date, months: int) -> bool:
    """Return whether the dates are more than `months` apart, from day of the month to day of the month."""
    years, month = divmod(starts_on.month - 1 + months, 12)
    year, month = starts_on.year + years, month + 1
    return ends_on > date(year, month, min(starts_on.day, monthrange(year, month)[1]))


def open_placements(file: CaseFile) -> list[Placement]:
    return sorted((p for p in file.placements if p.live), key=lambda p: p.person)


#: How many days before an agency's own date it is reminded.
OWN_BEFORE = (3, 1, 0)
#: The permit cannot be renewed, so reminders start as early as for a placement (utlendingsforskriften § 8-3).
REFLECTION_BEFORE = (56, 28, 14, 3, 1, 0)
#: After a date there is a reminder each working day for so many days, then one a week.
DAILY, WEEK = 10, 5
#: How far ahead the plan looks; the scheduler plans again every hour.
AHEAD = timedelta(weeks=12)


def date_reminders(file: CaseFile, at: datetime | None = None) -> Iterator[Reminder]:
    """Yield every reminder of the placements and deadlines that have not ended, past ones included.

    Those after a date go up to AHEAD after `at`, however long ago the date was.
    """
    for placement in open_placements(file):
        yield from _of_placement(file, placement, at)
    for deadline in file.deadlines:
        if deadline.live:
            yield from _of_deadline(file, deadline, at)


def planned_on(end: date, weeks: int) -> date:
    """Return the working day for a planning meeting: `weeks` before the end, or the last one before that."""
    day = end - timedelta(weeks=weeks)
    return day if worktime.is_working_day(day) else worktime.add_working_days(day, -1)


def _of_placement(file: CaseFile, placement: Placement, at: datetime | None) -> Iterator[Reminder]:
    end = placement.ends_on
    until = file.team.morning(end)
    for weeks in file.team.rules.placement_weeks:
        due = file.team.morning(planned_on(end, weeks))
        if due > placement.confirmed_at:
            yield Reminder(Kind.PLACEMENT_MEETING, placement, due, until, f"plan{weeks}")
    days = [("before", worktime.add_working_days(end, -1)), ("day", end), *_after(file, end, at)]
    yield from on_mornings(file, Kind.PLACEMENT_END, placement, placement.confirmed_at, days)


def _of_deadline(file: CaseFile, deadline: Deadline, at: datetime | None) -> Iterator[Reminder]:
    numbers = OWN_BEFORE if deadline.person is None else REFLECTION_BEFORE
    days = [*days_before(file, deadline.due_on, numbers), *_after(file, deadline.due_on, at)]
    yield from on_mornings(file, Kind.DEADLINE_DUE, deadline, deadline.set_at, days)


def _after(file: CaseFile, day: date, at: datetime | None) -> Iterator[tuple[str, date]]:
    """Yield the steps after a date, until AHEAD after it, or after `at` if that is later."""
    last = max(day, file.team.day_of(at) if at is not None else day) + AHEAD
    number, reminded = 1, worktime.add_working_days(day, 1)
    while reminded <= last:
        yield f"after{number}", reminded
        step = 1 if number < DAILY else WEEK
        number, reminded = number + step, worktime.add_working_days(reminded, step)

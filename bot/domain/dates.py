"""The demands of a placement on a case, and when placements and other dates are reminded of.

It checks dates; it does not compute legal ones.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.domain import worktime
from bot.domain.actions import people_of
from bot.domain.case.dates import Deadline, DeadlineKind, Placement
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import AgencyKind
from bot.domain.notifications import Kind, Notification, planned
from bot.domain.reminders import day_for, morning, today

#: The kinds of agencies without which no placement begins.
REQUIRED = (AgencyKind.POLICE, AgencyKind.CHILD_WELFARE, AgencyKind.IMMIGRATION)


def required_parts(file: CaseFile, person: str) -> list[Involvement]:
    """The parts of the agencies that a placement of this person needs, asked or active."""
    return [i for i in file.current() if person in i.persons and file.agencies[i.agency_id].kind in REQUIRED]


def lacking(file: CaseFile, person: str) -> list[AgencyKind]:
    """The kinds of agencies that a placement of this person still needs in the case."""
    there = {file.agencies[i.agency_id].kind for i in required_parts(file, person)}
    return [kind for kind in REQUIRED if kind not in there]


def too_long(starts_on: date, ends_on: date, months: int) -> bool:
    """Return whether the dates lie more than so many months apart, day of the month to day of the month."""
    years, month = divmod(starts_on.month - 1 + months, 12)
    year, month = starts_on.year + years, month + 1
    return ends_on > date(year, month, min(starts_on.day, monthrange(year, month)[1]))


def open_placements(file: CaseFile) -> list[Placement]:
    """The placements that have not been ended, by person."""
    return sorted((p for p in file.placements if p.open), key=lambda p: p.person)


def placement(file: CaseFile, id: str) -> Placement | None:
    """The placement with this id, if it is of this case."""
    return next((p for p in file.placements if p.id == id), None)


def deadline(file: CaseFile, id: str) -> Deadline | None:
    """The deadline with this id, if it is of this case."""
    return next((d for d in file.deadlines if d.id == id), None)


#: Days before a date on which it is reminded of.
OWN_BEFORE = (3, 1, 0)
REFLECTION_BEFORE = (14, 3, 1, 0)
#: Working days after: every one of two weeks, then one a week. Half a year of them is planned at once.
AFTER = (*range(1, 11), *range(15, 141, 5))
EVERY = 5
#: How far ahead the plan looks once that half year is over; upkeep plans anew every hour.
AHEAD = timedelta(weeks=12)
_USEFUL = timedelta(days=14)


def date_reminders(file: CaseFile, at: datetime | None = None) -> Iterator[Notification]:
    """Every reminder of the placements and deadlines that have not ended, past ones included.

    With `at`, those that lie up to AHEAD after it, however long ago the date was.
    """
    for placement in open_placements(file):
        yield from _of_placement(file, placement, at)
    for deadline in file.deadlines:
        if deadline.open:
            yield from _of_deadline(file, deadline, at)


def planned_on(end: date, weeks: int) -> date:
    """On which working day a planning meeting is proposed: so many weeks before the end or just before."""
    day = end - timedelta(weeks=weeks)
    return day if worktime.is_working_day(day) else worktime.add_working_days(day, -1)


def _of_placement(file: CaseFile, placement: Placement, at: datetime | None) -> Iterator[Notification]:
    coordinators = file.confirmed_coordinators()
    end = placement.ends_on
    for weeks in file.team.rules.placement_weeks:
        due = morning(file, planned_on(end, weeks))
        if due > placement.confirmed_at:
            for person_id in coordinators:
                yield planned(
                    *(Kind.PLACEMENT_MEETING, placement.id, person_id, due),
                    morning(file, end),
                    f"plan{weeks}",
                    case_id=file.case.id,
                )
    days = [("before", worktime.add_working_days(end, -1)), ("day", end), *_after(file, end, at)]
    yield from _on(file, Kind.PLACEMENT_END, placement.id, coordinators, placement.confirmed_at, days)


def _of_deadline(file: CaseFile, deadline: Deadline, at: datetime | None) -> Iterator[Notification]:
    own = deadline.kind is DeadlineKind.OWN
    part = deadline.involvement_id
    people = (people_of(file, part) if part else []) if own else file.confirmed_coordinators()
    before = [
        (f"before{days}", day_for(file, deadline.due_on - timedelta(days=days)))
        for days in (OWN_BEFORE if own else REFLECTION_BEFORE)
    ]
    days = [*before, *_after(file, deadline.due_on, at)]
    yield from _on(file, Kind.DEADLINE_DUE, deadline.id, people, deadline.set_at, days)


def _after(file: CaseFile, day: date, at: datetime | None) -> Iterator[tuple[str, date]]:
    """The steps after a date: those of AFTER, and every week from then on until AHEAD of `at`."""
    number, reminded = 0, day
    for following in AFTER:
        reminded = worktime.add_working_days(reminded, following - number)
        number = following
        yield f"after{number}", reminded
    last = today(file, at) + AHEAD if at is not None else day
    while (reminded := worktime.add_working_days(reminded, EVERY)) <= last:
        number += EVERY
        yield f"after{number}", reminded


def _on(
    file: CaseFile,
    kind: Kind,
    subject: str,
    people: list[str],
    since: datetime,
    days: list[tuple[str, date]],
) -> Iterator[Notification]:
    """One reminder a morning, the first of those that fall on the same."""
    dues = set()
    for step, day in days:
        due = morning(file, day)
        if due <= since or due in dues:
            continue
        dues.add(due)
        for person_id in people:
            yield planned(kind, subject, person_id, due, due + _USEFUL, step, case_id=file.case.id)

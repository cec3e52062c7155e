"""Working time and wall-clock time in Norway.

Instants are aware datetimes in UTC, days are local dates. The zone is Europe/Oslo unless another is passed.
Working days are Monday to Friday without public holidays (the `holidays` library) and without 24 and 31
December, which are not public holidays but free in practice (docs/calendar-rules.md 12).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.domain.errors import CodedError

OSLO = ZoneInfo("Europe/Oslo")
_DAY = timedelta(days=1)


class TimeRefused(CodedError):
    """A time that a person gave cannot be used; `code` names the text that says why and what would do."""


class ClockChangeGap(TimeRefused):
    """The clock time does not exist on that day, or comes twice, because the clock is changed."""

    def __init__(self) -> None:
        super().__init__("when.clock-change")


@dataclass(frozen=True, slots=True)
class WorkHours:
    """The hours of a working day, local time, both ends included."""

    start: time = time(8)
    end: time = time(16)


OFFICE_HOURS = WorkHours()
#: Nobody is disturbed between these, local time; the end is exclusive. The hours are our choice: night work
#: by arbeidsmiljøloven § 10-11 is 21 to 6, but a message wakes people.
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(7)


@lru_cache(maxsize=1024)
def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _days_off(day.year)


def add_working_days(day: date, count: int) -> date:
    """Return the working day `count` working days after `day`, or before it if `count` is negative.

    With 0: the day itself or, on a day off, the next working day.
    """
    if count == 0:
        return _nearest_working_day(day, _DAY)
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day = _nearest_working_day(day + step, step)
    return day


def working_days_after(day: date, until: date) -> int:
    """Return the number of working days after `day`, up to and including `until`."""
    return sum(is_working_day(day + n * _DAY) for n in range(1, (until - day).days + 1))


def _nearest_working_day(day: date, step: timedelta) -> date:
    while not is_working_day(day):
        day += step
    return day


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    # Imported at the first lookup: it is a twentieth of all that the bot loads.
    import holidays

    eves = (date(year, 12, 24), date(year, 12, 31))
    return frozenset({*holidays.country_holidays("NO", years=year), *eves})


def is_night(at: datetime, zone: ZoneInfo = OSLO) -> bool:
    clock = at.astimezone(zone).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def office_clock(clock: time, hours: WorkHours = OFFICE_HOURS) -> time:
    """Return a clock time to propose: outside working hours nine, or when work begins."""
    return clock if hours.start <= clock < hours.end else max(time(9), hours.start)


def _work_days(at: datetime, hours: WorkHours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield the beginning and the end of each working day, from the first one that is not over at `at`."""
    day = at.astimezone(zone).date()
    while True:
        if is_working_day(day) and (ends := _instant(day, hours.end, zone)) >= at:
            yield _instant(day, hours.start, zone), ends
        day += _DAY


def next_working_moment(at: datetime, hours: WorkHours = OFFICE_HOURS, zone: ZoneInfo = OSLO) -> datetime:
    """Return the first instant in working hours that is not before `at`; within them, `at` itself."""
    begins, _ = next(_work_days(at, hours, zone))
    return max(at.astimezone(UTC), begins)


def previous_working_moment(at: datetime, hours: WorkHours = OFFICE_HOURS, zone: ZoneInfo = OSLO) -> datetime:
    """Return the last instant in working hours that is not after `at`: reminders only move earlier."""
    local_at = at.astimezone(zone)
    day = local_at.date()
    if is_working_day(day) and local_at.time() >= hours.start:
        return min(at.astimezone(UTC), _instant(day, hours.end, zone))
    return _instant(_nearest_working_day(day - _DAY, -_DAY), hours.end, zone)


def end_of_half_day(at: datetime, hours: WorkHours = OFFICE_HOURS, zone: ZoneInfo = OSLO) -> datetime:
    """Return the end (noon or the day's end) of the first half working day that begins at `at` or later."""
    halves = (
        half
        for begins, ends in _work_days(at, hours, zone)
        for noon in [begins + (ends - begins) / 2]
        for half in ((begins, noon), (noon, ends))
    )
    return next(ends for begins, ends in halves if begins >= at)


def add_working_hours(
    at: datetime, duration: timedelta, hours: WorkHours = OFFICE_HOURS, zone: ZoneInfo = OSLO
) -> datetime:
    """Return the instant when `duration`, not negative, of working time has passed since `at`."""
    days = _work_days(at, hours, zone)
    while True:
        begins, ends = next(days)
        since = max(at.astimezone(UTC), begins)
        if duration <= ends - since:
            return since + duration
        duration -= ends - since


def working_time_between(
    first: datetime, last: datetime, hours: WorkHours = OFFICE_HOURS, zone: ZoneInfo = OSLO
) -> timedelta:
    """Return the working time between two instants; zero if `last` is not later than `first`.

    It is the most that `add_working_hours` can add to `first` without passing `last`.
    """
    days = takewhile(lambda day: max(first, day[0]) < last, _work_days(first, hours, zone))
    return sum((min(ends, last) - max(first, begins) for begins, ends in days), timedelta(0))


def local(day: date, clock: time, zone: ZoneInfo = OSLO) -> datetime:
    """Return the instant, in UTC, of a clock time that a person gave.

    Raises ClockChangeGap when the clock shows it never or twice that day: in Norway 02:00-03:00 on the last
    Sundays of March and October (docs/calendar-rules.md 12).
    """
    wall = datetime.combine(day, clock, zone)
    if wall.utcoffset() != wall.replace(fold=1).utcoffset():
        raise ClockChangeGap
    return wall.astimezone(UTC)


def wall_clock_before(at: datetime, zone: ZoneInfo = OSLO, hours: int = 24) -> datetime:
    """Return the instant `hours` before `at` as people count: days by the wall clock, the rest as elapsed.

    «24 hours before» a meeting on Monday at 10 is Sunday at 10, even if the clock was changed in between. If
    the wall clock shows that time never or twice, the earlier reading is used: early rather than late.
    """
    days, rest = divmod(hours, 24)
    wall = at.astimezone(zone).replace(tzinfo=None) - timedelta(days=days)
    return _earliest(wall, zone) - timedelta(hours=rest)


# A plan computes the same few beginnings and ends of working days many times.
@lru_cache(maxsize=4096)
def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return _earliest(datetime.combine(day, clock), zone)


def _earliest(wall: datetime, zone: ZoneInfo) -> datetime:
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    return min(first.astimezone(UTC), second.astimezone(UTC))

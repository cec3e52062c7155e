"""The drill (kontaktprøve): does a message reach each contact? It tests the list, and nobody's diligence.

So no time of an answer is kept, only the day, and that is shown from the next day on. What outlives the
drill is a month for each contact and for each duty line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import ClassVar

from bot.domain import worktime
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.directory.on_call import available, hours_begin, within_hours
from bot.domain.outside import OutsideItem

#: Its messages and the days of its answers go after so many days.
LASTS_DAYS = 14
#: Who has not pressed is reminded once, no sooner than this.
REMINDED_AFTER = timedelta(hours=24)
#: A duty line that nobody has confirmed for so many months is pointed out.
CONFIRMED_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Drill(OutsideItem):
    """A drill of one team; `begun_by` is empty where the team's data planned it. A purged one has a month."""

    word: ClassVar[str] = "drill"
    blurred: ClassVar[tuple[str, ...]] = ("begun_at",)
    begun_at: datetime
    begun_by: str = ""

    @property
    def people(self) -> tuple[str | None, ...]:
        return (self.begun_by,)


@dataclass(frozen=True, slots=True)
class DrillAsk:
    """Somebody who gets the drill, for all agencies that they are a contact of, and when they were reached.

    Who is not on Slack gets it by mail, with a `token` in the address to which an answer goes; `mailed_on` is
    when it left.
    """

    id: str
    drill_id: str
    person_id: str
    reached_on: date | None = None
    token: str | None = None
    mailed_on: date | None = None


class Reach(StrEnum):
    """How far a drill has come with one contact; `LATER` is not told yet, whyever.

    Who is reached by mail alone is `BY_MAIL` until they are, also before the mail has left.
    """

    REACHED = "reached"
    SILENT = "silent"
    LATER = "later"
    GONE = "gone"
    BY_MAIL = "by_mail"
    NOT_ON_SLACK = "not_on_slack"


def reach(
    person: Person | None, ask: DrillAsk | None, today: date, *, told: bool, by_mail: bool
) -> Reach | None:
    """Return how far it has come by the morning of `today`; None for who was no contact when it began.

    `told` is whether the message stands in Slack, or a mail has left; `by_mail` whether one has, or will.
    """
    if ask is not None and ask.reached_on is not None and ask.reached_on < today:
        return Reach.REACHED
    if person is None or person.deactivated:
        return Reach.GONE
    if by_mail and person.slack_id is None:
        return Reach.BY_MAIL
    if told:
        return Reach.SILENT
    if person.slack_id is None:
        return Reach.NOT_ON_SLACK
    return Reach.LATER if ask is not None else None


def may_be_told(contacts: Iterable[Contact], team: Team, at: datetime) -> bool:
    """Return whether a person is on call then in one of their roles, and it is no night."""
    day = team.day_of(at)
    return not worktime.is_night(at, team.time_zone) and any(
        available(contact, day) and within_hours(contact, at, team) for contact in contacts
    )


def first_moment(contacts: Iterable[Contact], team: Team, start: datetime) -> datetime | None:
    """The first moment from `start` on at which a person may be told, if there is one before it is over."""
    own = list(contacts)
    return next((at for at in _moments(team, start) if may_be_told(own, team, at)), None)


def _moments(team: Team, start: datetime) -> Iterator[datetime]:
    """`start`, and whenever hours begin after it: the day, work, and what is outside work."""
    yield start
    for days in range(LASTS_DAYS):
        day = team.day_of(start) + timedelta(days=days)
        yield from sorted(at for _, at in hours_begin(day, worktime.NIGHT_ENDS, team) if at > start)


def month_of(at: datetime, team: Team) -> date:
    return team.day_of(at).replace(day=1)


def is_unconfirmed(agency: Agency, today: date) -> bool:
    """Return whether the agency has a duty line that nobody has confirmed for half a year."""
    if agency.duty_line is None:
        return False
    last = agency.line_confirmed
    return last is None or (today.year - last.year) * 12 + today.month - last.month >= CONFIRMED_MONTHS


# --- drills that are planned by the team's data

#: So many days off in a row are a long holiday.
LONG_HOLIDAY = 4
#: A drill before a long holiday begins so many working days ahead of it.
WORKING_DAYS_AHEAD = 5
#: So many days after its day a planned drill may still begin: an acute case may have been open.
LATE_BY = 5
#: A drill held so short before its day stands for the planned one.
STANDS_FOR = 30
#: It begins between these hours of the team's zone, while coordinators are at work.
_FROM, _TO = time(10), time(15)


def planned_day(team: Team, now: datetime) -> date | None:
    """The day whose planned drill should have begun by now, and still may; None where there is none."""
    today = team.day_of(now)
    clock = now.astimezone(team.time_zone).time()
    if not worktime.is_working_day(today) or not _FROM <= clock < _TO:
        return None
    days = (today - timedelta(days=back) for back in range(LATE_BY + 1))
    return next((day for day in days if _is_planned(team, day)), None)


def _is_planned(team: Team, day: date) -> bool:
    if not worktime.is_working_day(day):
        return False
    if team.rules.drill_quarterly and _is_in_quarter(day):
        return True
    return team.rules.drill_before_holidays and _is_before_long_holiday(day)


def _is_in_quarter(day: date) -> bool:
    """The second Tuesday of February, May, August and November, or the next working day."""
    if day.month % 3 != 2:
        return False
    first = day.replace(day=1)
    tuesday = first + timedelta(days=(1 - first.weekday()) % 7 + 7)
    return day == worktime.add_working_days(tuesday, 0)


def _is_before_long_holiday(day: date) -> bool:
    last = worktime.add_working_days(day, WORKING_DAYS_AHEAD - 1)
    after = (last + timedelta(days=n) for n in range(1, LONG_HOLIDAY + 1))
    return len(list(takewhile(lambda each: not worktime.is_working_day(each), after))) == LONG_HOLIDAY

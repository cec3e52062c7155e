"""The coordinators' promise to those who ask outside a case, and the reminders of it.

Pure. A reminder is recomputed at its delivery, and dropped when what it is about no longer waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

from bot.domain import worktime
from bot.domain.directory.entities import Team
from bot.domain.notifications import Kind, Notification, Params, PlannedFor

HALF, END = "half", "end"
#: Of each kind that one person may have waiting for a word from the coordinators. Who has asked so much needs
#: an answer, not another question; and what one person asks must leave room for what everybody else does.
MOST_OPEN = 3
#: Of each kind that one person may ask within `A_DAY`, answered or not: a TOT gets fewer from all together.
MOST_A_DAY = 5
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OutsideItem:
    """Something outside cases, with a key of its own, that is deleted on a day; of a purged one is left what
    is counted. `erasing_since` is when that was first tried.

    Of the moments that are `blurred` a purged one keeps the month of the first alone.
    """

    word: ClassVar[str]
    blurred: ClassVar[tuple[str, ...]] = ()
    id: str
    team_id: str
    delete_on: date | None = field(default=None, kw_only=True)
    purged_at: datetime | None = field(default=None, kw_only=True)
    erasing_since: datetime | None = field(default=None, kw_only=True)

    @property
    def item(self) -> str:
        """Its name as something with a key of its own, for notifications and posted messages."""
        return f"{self.word}/{self.id}"

    @property
    def people(self) -> tuple[str | None, ...]:
        """The people whom it names itself."""
        raise NotImplementedError


def to_each(
    people: Iterable[str], kind: Kind, of: OutsideItem, params: Params | None = None
) -> Iterator[Notification]:
    return (Notification(kind, of.id, recipient=to, params=params, item=of.item) for to in people)


def promised(asked_at: datetime, team: Team, days: float) -> datetime:
    """Return when so many working days are over, counted in the team's working hours."""
    day = timedelta(hours=team.rules.work_to - team.rules.work_from)
    return worktime.add_working_hours(asked_at, day * days, team.rules.work_hours, team.time_zone)


def reminders(
    kind: Kind, of: OutsideItem, coordinators: Iterable[str], *, half_at: datetime, due_at: datetime
) -> Iterator[Notification]:
    """To each coordinator, half-way and at the end of a promise."""
    people = list(coordinators)
    for step, at in ((HALF, half_at), (END, due_at)):
        yield from planned(kind, of, people, at, None, step)


def planned(
    kind: Kind, of: OutsideItem, to: Iterable[str], at: datetime, until: datetime | None, step: str
) -> Iterator[Notification]:
    """Yield the reminder that is a step of a plan to each: due `at`, of use `until`."""
    return (Notification(kind, of.id, None, each, at, until, PlannedFor(step, at), of.item) for each in to)


def still_stands(told: Notification, standing: Iterable[Notification], now: datetime) -> bool:
    """Return whether it is among what is `standing`; of a reminder also that no later one has fallen due."""
    alike = [each for each in standing if (each.kind, each.recipient) == (told.kind, told.recipient)]
    own = next((each for each in alike if each.key == told.key), None)
    if own is None:
        return False
    due = (each.due_at for each in alike if each.due_at is not None and each.due_at <= now)
    return own.due_at is None or own.due_at >= max(due, default=own.due_at)


def is_half_way(reminder: Notification) -> bool:
    return reminder.params_as(PlannedFor).step == HALF


def delete_on(team: Team, over_at: datetime) -> date:
    return team.day_of(over_at) + timedelta(days=team.rules.outside_retention_days)


def month_of(at: datetime, team: Team) -> datetime:
    """The first day of the month, as an instant: all that is kept of when."""
    return datetime.combine(team.day_of(at).replace(day=1), time(), UTC)

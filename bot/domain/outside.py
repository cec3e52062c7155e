"""Items outside cases: the coordinators' promise to answer a request, and the reminders of it.

Pure. A reminder is recomputed at its delivery, and dropped when its item no longer waits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Generic, TypeVar

from bot.domain import worktime
from bot.domain.directory.entities import Agency, Person, Team
from bot.domain.notifications import At, Kind, Notification, Params, PlannedFor

#: How many requests of each kind one person may have waiting for the coordinators. Beyond that a person needs
#: an answer, not another question; and their requests must leave room for everybody else's.
MOST_OPEN = 3


@dataclass(frozen=True, slots=True)
class OutsideItem(ABC):
    """An item outside cases, with its own key, that is purged on a day; only what is counted remains.

    `erasing_since` is when purging was first tried; it sets all `blurred` times to the month of the first.
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
        """The name of the item and its key, for notifications and posted messages."""
        return f"{self.word}/{self.id}"

    @property
    def is_being_erased(self) -> bool:
        """Return whether it is being purged, or has been."""
        return self.erasing_since is not None or self.purged_at is not None

    @property
    @abstractmethod
    def people(self) -> tuple[str | None, ...]:
        """The ids of the people named in the item itself."""


@dataclass(frozen=True, slots=True)
class AskedItem(OutsideItem):
    """Something asked of a team, which has promised an answer by `due_at`; it waits until `closed_at`."""

    blurred: ClassVar[tuple[str, ...]] = ("asked_at", "due_at", "closed_at")
    asked_at: datetime
    due_at: datetime
    asker: str
    closed_at: datetime | None = field(default=None, kw_only=True)

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def waits(self) -> bool:
        """Return whether the asker has got no answer of any kind."""
        return self.open

    @property
    def last_word(self) -> datetime:
        """The time of the last answer, or of the promised one; long after it, the item closes by itself."""
        return self.due_at


Asked = TypeVar("Asked", bound=AskedItem)


@dataclass(frozen=True, slots=True)
class AskedView(Generic[Asked]):
    """Something asked of a team, with the team, the humans in it by id, and the agency it is asked for."""

    asked: Asked
    team: Team
    coordinators: tuple[str, ...]
    persons: dict[str, Person]
    agency: Agency | None = None


def to_each(
    people: Iterable[str],
    kind: Kind,
    of: OutsideItem,
    params: Params | None = None,
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
) -> Iterator[Notification]:
    return (Notification(kind, of.id, None, to, due_at, useful_until, params, of.item) for to in people)


def turns(of: OutsideItem, *times: datetime) -> Iterator[Notification]:
    """Yield a job for each time at which what is shown of an item changes."""
    return (Notification(Kind.ITEM_TURNS, of.id, None, None, at, None, At(at), of.item) for at in times)


def promised(asked_at: datetime, team: Team, days: float) -> datetime:
    """Return when `days` working days after `asked_at` are over, counted in the team's working hours."""
    day = timedelta(hours=team.rules.work_to - team.rules.work_from)
    return worktime.add_working_hours(asked_at, day * days, team.rules.work_hours, team.time_zone)


def reminded_at(asked_at: datetime, team: Team, days: float) -> datetime:
    """Return when a promise of `days` working days is reminded of: a day before its end, at most half-way."""
    return promised(asked_at, team, max(days - 1, days / 2))


def reminders(
    people: Iterable[str], kind: Kind, of: OutsideItem, at: datetime, due_at: datetime
) -> Iterator[Notification]:
    """Yield the reminder of a promise to each person; at its end it is shown as late."""
    yield from to_each(people, kind, of, PlannedFor("waits", at), at)
    yield from turns(of, due_at)


def still_stands(told: Notification, standing: Iterable[Notification], now: datetime) -> bool:
    """Return whether a notification is still among `standing`, and no later reminder of its kind is due."""
    alike = [each for each in standing if (each.kind, each.recipient) == (told.kind, told.recipient)]
    own = next((each for each in alike if each.key == told.key), None)
    if own is None:
        return False
    due = (each.due_at for each in alike if each.due_at is not None and each.due_at <= now)
    return own.due_at is None or own.due_at >= max(due, default=own.due_at)


def delete_on(team: Team, over_at: datetime) -> date:
    return team.day_of(over_at) + timedelta(days=team.rules.outside_retention_days)


def lapses_at(due_at: datetime, team: Team) -> datetime:
    """Return when something that nobody has answered is closed, as long after as it is then kept."""
    return due_at + timedelta(days=team.rules.outside_retention_days)


def month_of(at: datetime, team: Team) -> datetime:
    """Return the first day of the month, as an instant: only that is kept of the time."""
    return datetime.combine(team.day_of(at).replace(day=1), time(), UTC)

"""Steps of the clock by which entries are due: seen by monotonic time, and undone for what only waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection, func, select, type_coerce

from bot.usecases.ports import LANDS_WITHIN, Clock
from storage.ledgers.ledger import Entry
from storage.schema.columns import UtcDateTime

NO_TIME = timedelta(0)
#: A smaller step is waited out: nothing that is tried again waits long.
STEP = timedelta(minutes=1)
#: A look that took longer, in seconds, tells nothing: the process may have been frozen in the middle of it.
LONGEST_LOOK = 5.0
_THEIRS = select(type_coerce(func.statement_timestamp(), UtcDateTime()))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = structlog.get_logger(__name__)


def moment(connection: Connection, clock: Clock) -> datetime:
    """The time by which entries are due: on PostgreSQL the server's, also when another process takes over."""
    if connection.dialect.name == "postgresql":
        return connection.execute(_THEIRS).scalar_one() + clock.offset
    return clock.now()


class ClockSteps:
    """Compares the clock by which entries are due with monotonic time, at every claim."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: timedelta | None = None
        self._seen: timedelta | None = None
        #: By how much the database's clock is ahead of this machine's.
        self.databases = NO_TIME

    def look(self, connection: Connection) -> tuple[datetime, timedelta | None]:
        """Return the time, and the step since the last look that was kept, if there was one."""
        began, offset = time.monotonic(), self._clock.offset
        ours = self._clock.now() - offset
        due_by = moment(connection, self._clock)
        at = due_by - offset
        self.databases = at - ours if connection.dialect.name == "postgresql" else NO_TIME
        now = time.monotonic()
        # A test's clock that is moved, or stands still, has not stepped either.
        if now - began > LONGEST_LOOK or self._clock.offset != offset:
            return due_by, None
        self._seen = at - _EPOCH - timedelta(seconds=now)
        step = NO_TIME if self._ahead is None else self._seen - self._ahead
        if abs(step) < STEP:
            return due_by, None
        log.warning("clock.stepped", seconds=round(step.total_seconds()))
        return due_by, step

    def keep(self) -> None:
        """To be called once what was done about a step is committed: else it is seen again."""
        self._ahead = self._seen


def undo(entry: Entry, step: timedelta, now: datetime) -> bool:
    """Undo a step for an unfinished entry; return whether that changed anything.

    After one back nothing waits longer than it would have: what is tried again is due soon, what was due at
    once is due now. After one ahead what waits, and only seems to be over, waits anew for a whole time. What
    is due at a time of day stays so.
    """
    wait = LANDS_WITHIN if entry.waits else NO_TIME
    if step < NO_TIME:
        changes = entry.next_at > now + wait and (entry.waits or entry.due_at == entry.enqueued_at)
    else:
        changes = entry.waits and now - step < entry.next_at <= now
    if changes and not entry.waits:
        # As if it had been asked for now: it waits for nothing.
        entry.due_at = entry.enqueued_at = now
    if changes:
        entry.next_at = now + wait
    return changes

"""Steps of the clock by which entries are due: detected by monotonic time, and undone for waiting entries."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection, func, select, type_coerce

from bot.usecases.ports import LANDS_WITHIN, Clock
from storage.ledgers.ledger import Entry
from storage.schema.columns import UtcDateTime

NO_TIME = timedelta(0)
#: A smaller step is ignored: no retry waits long.
STEP = timedelta(minutes=1)
#: A comparison that took longer, in seconds, is not used: the process may have been frozen meanwhile.
LONGEST_LOOK = 5.0
_SERVER_TIME = select(type_coerce(func.statement_timestamp(), UtcDateTime()))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = structlog.get_logger(__name__)


def moment(connection: Connection, clock: Clock) -> datetime:
    """Return the time by which entries are due: on PostgreSQL the server's, the same for all processes."""
    if connection.dialect.name == "postgresql":
        return connection.execute(_SERVER_TIME).scalar_one() + clock.offset
    return clock.now()


class ClockSteps:
    """Compares the clock by which entries are due with monotonic time, at every claim."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: timedelta | None = None
        self._seen: timedelta | None = None
        #: How far the database's clock is ahead of this machine's.
        self.databases = NO_TIME

    def look(self, connection: Connection) -> tuple[datetime, timedelta | None]:
        """Return the time, and the step, if any, since the last `look` that was followed by `keep`."""
        began, offset = time.monotonic(), self._clock.offset
        ours = self._clock.now() - offset
        due_by = moment(connection, self._clock)
        at = due_by - offset
        self.databases = at - ours if connection.dialect.name == "postgresql" else NO_TIME
        now = time.monotonic()
        # A test that moves its clock, or stops it, makes no step.
        if now - began > LONGEST_LOOK or self._clock.offset != offset:
            return due_by, None
        self._seen = at - _EPOCH - timedelta(seconds=now)
        step = NO_TIME if self._ahead is None else self._seen - self._ahead
        if abs(step) < STEP:
            return due_by, None
        log.warning("clock.stepped", seconds=round(step.total_seconds()))
        return due_by, step

    def keep(self) -> None:
        """Accept the step. Call it after the commit of what was done about it; otherwise it is seen again."""
        self._ahead = self._seen


def undo(entry: Entry, step: timedelta, now: datetime) -> bool:
    """Undo a step for an unfinished entry; return whether that changed anything.

    After a step back no entry waits longer than before: a retry is due soon, an entry that was due at once is
    due now. After a step ahead, an entry whose wait only seems to be over waits its whole time again. Entries
    that are due at a time of day do not change.
    """
    put_off = entry.is_put_off
    wait = LANDS_WITHIN if put_off else NO_TIME
    if step < NO_TIME:
        changes = entry.next_at > now + wait and (put_off or entry.is_due_at_once)
    else:
        changes = put_off and now - step < entry.next_at <= now
    if changes and not put_off:
        # As if it had been requested now: it waits for nothing.
        entry.due_at = entry.enqueued_at = now
    if changes:
        entry.next_at = now + wait
    return changes

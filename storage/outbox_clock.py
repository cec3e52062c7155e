"""Steps of the clock by which rows are due: seen by monotonic time, and undone for what only waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection, func, select, type_coerce

from bot.usecases.ports import Clock
from storage.outbox_statements import MARGIN, NO_TIME, statements
from storage.schema.columns import UtcDateTime

#: A smaller step is waited out: nothing that is tried again waits long.
STEP = timedelta(minutes=1)
#: A look that took longer, in seconds, tells nothing: the process may have been frozen in the middle of it.
LONGEST_LOOK = 5.0
_THEIRS = select(type_coerce(func.statement_timestamp(), UtcDateTime()))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = structlog.get_logger(__name__)


class ClockSteps:
    """Compares the clock by which rows are due with monotonic time, at every claim.

    On PostgreSQL it is the server's, and each process sees the step by itself: to undo it twice changes
    nothing.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: timedelta | None = None
        #: By how much the database's clock is ahead of this machine's.
        self.databases = NO_TIME

    def start(self, connection: Connection, lease: timedelta) -> None:
        """Let nothing wait longer than it should, as if the clock had been put back just now."""
        self._undo(connection, lease, -STEP)

    def look(self, connection: Connection, lease: timedelta) -> None:
        """Undo a step since the last look, in the transaction that then claims."""
        step = self._step(connection)
        if step is not None:
            log.warning("clock.stepped", seconds=round(step.total_seconds()))
            self._undo(connection, lease, step)

    def _undo(self, connection: Connection, lease: timedelta, step: timedelta) -> None:
        made = statements(connection.dialect.name)
        times = {
            "now": made.moment(self._clock),
            "soon": made.moment(self._clock, MARGIN),
            "lease_end": made.moment(self._clock, lease),
        }
        if step < NO_TIME:
            connection.execute(made.put_back, times)
        else:
            connection.execute(made.put_ahead, {**times, "before": made.moment(self._clock, -step)})

    def _step(self, connection: Connection) -> timedelta | None:
        began, offset = time.monotonic(), self._clock.offset
        at = self._clock.now() - offset
        if connection.dialect.name == "postgresql":
            theirs = connection.execute(_THEIRS).scalar_one()
            self.databases, at = theirs - at, theirs
        now = time.monotonic()
        # A test's clock that is moved in the middle of it has not stepped either.
        if now - began > LONGEST_LOOK or self._clock.offset != offset:
            return None
        before, self._ahead = self._ahead, at - _EPOCH - timedelta(seconds=now)
        step = NO_TIME if before is None else self._ahead - before
        return step if abs(step) >= STEP else None

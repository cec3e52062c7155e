"""Production clocks: system time, and monotonic time that ignores steps of the system clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from bot.usecases.ports import Clock


class SystemClock:
    offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteadyClock:
    """Monotonic time for short waits: a step of the machine's clock does not make anybody wait an hour.

    It starts at the time of `clock` and follows only the clock's offset.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now() - clock.offset - timedelta(seconds=time.monotonic())

    @property
    def offset(self) -> timedelta:
        return self._clock.offset

    def now(self) -> datetime:
        return self._began + timedelta(seconds=time.monotonic()) + self._clock.offset

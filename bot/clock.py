"""Clocks of production: real time, and one that is never put back or ahead."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from bot.usecases.ports import Clock


class SystemClock:
    offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteadyClock:
    """Monotonic time for what waits a while: a step of the machine's clock makes nobody wait an hour.

    It begins with the time of `clock`, and follows its offset alone.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now() - clock.offset - timedelta(seconds=time.monotonic())

    @property
    def offset(self) -> timedelta:
        return self._clock.offset

    def now(self) -> datetime:
        return self._began + timedelta(seconds=time.monotonic()) + self._clock.offset

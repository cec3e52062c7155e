"""Supervised long-lived tasks: a failed task is logged, shown in health, and restarted."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.logs import place_of

log = structlog.get_logger(__name__)
#: Seconds before a failed task is restarted. Reminders wait that long.
PAUSE = 2.0
#: A task that has not failed for this long, in seconds, is well again.
WELL_AFTER = 30.0


@dataclass(slots=True)
class Tasks:
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _failed_at: dict[str, float] = field(default_factory=dict)

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Start a task, and restart it when it fails, until it returns or `stop` is called."""
        self._running[name] = asyncio.create_task(self._supervise(name, work), name=name)

    async def ended(self, name: str) -> None:
        """Wait for a task that has been told to end."""
        await self._running[name]

    async def stop(self) -> None:
        for each in self._running.values():
            each.cancel()
        for each in self._running.values():
            with contextlib.suppress(asyncio.CancelledError):
                await each

    def well(self) -> dict[str, bool]:
        """Return for each task whether it has not failed for a while."""
        lately = time.monotonic() - WELL_AFTER
        return {name: self._failed_at.get(name, -math.inf) < lately for name in self._running}

    async def _supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
                return
            except Exception as error:
                self._failed_at[name] = time.monotonic()
                log.error("task.failed", task=name, error=type(error).__name__, at=place_of(error))
            await asyncio.sleep(PAUSE)

"""Long-lived tasks, supervised: one that fails is logged, shown in health, and begun again."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.logs import place_of

log = structlog.get_logger(__name__)
#: Seconds before a task is begun again: at first, and at most. Reminders wait that long.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
#: A task that has run so long since it failed, in seconds, is well again.
WELL_AFTER = 30.0


@dataclass(slots=True)
class _Task:
    running: asyncio.Task[None] | None = None
    failed_at: float | None = None


@dataclass(slots=True)
class Tasks:
    _tasks: dict[str, _Task] = field(default_factory=dict)

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Begin a task and keep it going until it returns, or `stop`."""
        task = _Task()
        task.running = asyncio.create_task(self._supervise(name, task, work), name=name)
        self._tasks[name] = task

    async def ended(self, name: str) -> None:
        """Wait for a task that has been told to end by itself."""
        running = self._tasks[name].running
        if running is not None:
            await running

    async def stop(self) -> None:
        """Cancel what still runs."""
        running = [task.running for task in self._tasks.values() if task.running is not None]
        for each in running:
            each.cancel()
        for each in running:
            with contextlib.suppress(asyncio.CancelledError):
                await each

    def well(self) -> dict[str, bool]:
        """Return for each task whether it has run for a while without failing."""
        now = time.monotonic()
        return {
            name: task.failed_at is None or now - task.failed_at > WELL_AFTER
            for name, task in self._tasks.items()
        }

    async def _supervise(self, name: str, task: _Task, work: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                await work()
                return
            except Exception as error:
                task.failed_at = time.monotonic()
                log.error(
                    "task.failed",
                    task=name,
                    error=type(error).__name__,
                    at=place_of(error),
                    reference=secrets.token_hex(4),
                )
            if time.monotonic() - began > WELL_AFTER:
                pause = FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

"""Waiting for the state to become something, woken by changes and never by a timer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Pulse:
    """Wakes whoever waits, each time something changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.beats = 0
        """How many changes there have been."""

    def beat(self) -> None:
        """Says that something changed."""
        self.beats += 1
        self._event.set()
        self._event = asyncio.Event()

    async def beaten(self) -> None:
        """Waits for the next change."""
        await self._event.wait()

    async def until(self, probe: Callable[[], T | None], within: float) -> T | None:
        """The first truthy answer of `probe`, asked now and after every change for `within` real seconds."""
        deadline = asyncio.get_running_loop().time() + within
        while True:
            event = self._event
            found = probe()
            if found:
                return found
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return None
            try:
                async with asyncio.timeout(left):
                    await event.wait()
            except TimeoutError:
                return probe() or None

"""Requests that are not yet answered, so that a shutdown can wait for them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator


class InFlight:
    """Count of running handlers. Slack's libraries do not wait for a handler once it has acked."""

    def __init__(self) -> None:
        self._count = 0
        self._over = asyncio.Event()
        self._over.set()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Count one handler until the block ends."""
        self._count += 1
        self._over.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._over.set()

    async def over(self, within: float | None = None) -> None:
        """Wait until no handler runs, for `within` seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._count:
                    await self._over.wait()

"""Requests that are not yet answered, so that a shutdown can wait for them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence


class InFlight:
    """Count of running handlers. Slack's libraries do not wait for a handler once it has acked."""

    def __init__(self) -> None:
        self._count = 0
        self._over = asyncio.Event()
        self._over.set()
        #: By receipt, the end of the first delivery of a request.
        self._firsts: dict[Sequence[str], asyncio.Event] = {}

    @contextlib.contextmanager
    def one(self, receipt: Sequence[str] = ()) -> Iterator[None]:
        """Count one handler until the block ends."""
        self._count += 1
        self._over.clear()
        end = asyncio.Event()
        is_first = self._firsts.setdefault(receipt, end) is end
        try:
            yield
        finally:
            if is_first:
                del self._firsts[receipt]
                end.set()
            self._count -= 1
            if not self._count:
                self._over.set()

    async def first_ends(self, receipt: Sequence[str], within: float) -> None:
        """Wait until the first delivery of a request has been answered, for `within` seconds at most."""
        if (end := self._firsts.get(receipt)) is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await end.wait()

    async def over(self, within: float | None = None) -> None:
        """Wait until no handler runs, for `within` seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._count:
                    await self._over.wait()

"""Requests that are not yet answered, so that a shutdown can wait for them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest


class InFlight:
    """Count of running handlers. Slack's libraries let go of a handler once it has acknowledged."""

    def __init__(self) -> None:
        self._count = 0
        self._over = asyncio.Event()
        self._over.set()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """One more, until the block is left."""
        self._count += 1
        self._over.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._over.set()

    async def over(self, within: float | None = None) -> None:
        """Wait until nothing is under way, or for `within` seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._count:
                    await self._over.wait()


class CountingSocket(AsyncSocketModeHandler):
    """Bolt's own, which also counts what has come and has not been acknowledged."""

    def __init__(self, app: AsyncApp, token: str, inflight: InFlight) -> None:
        super().__init__(app, token)
        self._inflight = inflight

    async def handle(  # type: ignore[override]  # as Bolt's own, which narrows its base class
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        """Let Bolt answer one envelope."""
        with self._inflight.one():
            await super().handle(client, req)

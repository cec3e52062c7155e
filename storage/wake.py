"""Waking the deliverer when notifications have been enqueued, by this process or another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy import Engine

CHANNEL = "tot_outbox"
#: Held, shared, by the connection that listens: as long as a bot runs, nothing is restored. «totr».
RUNNING_LOCK = 0x746F7472

#: While PostgreSQL cannot be listened to, the deliverer is woken this often, in seconds, to look for itself.
POLL_INTERVAL = 0.5

log = structlog.get_logger(__name__)


class Wake:
    """Calls the deliverer's `wake` on its event loop.

    On SQLite `now` is called after a commit. On PostgreSQL a connection of its own listens, so that
    every process hears of what any of them enqueues. It also says, by a lock, that a bot is running.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: Callable[[], None] | None = None
        self._listener: asyncio.Task[None] | None = None

    def call(self, wake: Callable[[], None]) -> None:
        """Call `wake` from now on. To be called on the event loop on which it is to be called."""
        self._loop = asyncio.get_running_loop()
        self._wake = wake
        if self._engine.dialect.name == "postgresql" and self._listener is None:
            _, parameters = self._engine.dialect.create_connect_args(self._engine.url)
            self._listener = self._loop.create_task(self._listen(parameters))

    def now(self) -> None:
        """Wake the deliverer, from any thread."""
        if self._loop is not None and self._wake is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    async def close(self) -> None:
        """Stop listening and wake nobody any more."""
        self._wake = None
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait([self._listener])

    async def _listen(self, parameters: Mapping[str, Any]) -> None:
        import psycopg  # SQLite, the usual case, starts without it

        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **parameters, autocommit=True, connect_timeout=5, application_name="tot-bot listening"
                ) as connection:
                    await connection.execute(f"SELECT pg_advisory_lock_shared({RUNNING_LOCK})")
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # What was enqueued before this moment has not been heard.
                    self.now()
                    async for _ in connection.notifies():
                        self.now()
            except psycopg.Error as error:
                log.warning("not listening", error=type(error).__name__)
            self.now()
            await asyncio.sleep(POLL_INTERVAL)

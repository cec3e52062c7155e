"""Notifies the dispatcher when notifications have been enqueued, by this process or another."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy import Engine

CHANNEL = "tot_outbox"
#: The class of the locks that those who have something in hand hold for life, on PostgreSQL: «toth».
HOLDERS = 0x746F7468
#: Held, shared, by the connection that listens: as long as a bot runs, nothing is restored. «totr».
RUNNING_LOCK = 0x746F7472

#: While PostgreSQL cannot be listened to, the dispatcher is notified this often, in seconds, to look itself.
POLL_INTERVAL = 0.5

#: How often it is logged that PostgreSQL cannot be listened to, in seconds.
LOGGED_EVERY = 60.0

log = structlog.get_logger(__name__)


class Notifier:
    """Calls the dispatcher back on its event loop.

    On SQLite `notify` is called after a commit. On PostgreSQL a connection of its own listens, so that
    every process hears of what any of them enqueues. It also says, by locks, that a bot is running, and that
    the holder of rows lives: its number is this process's for life.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._loop: asyncio.AbstractEventLoop | None = None
        self._callback: Callable[[], None] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()
        self.holder = secrets.randbits(31)

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Call `callback` from now on, on the event loop on which this is called."""
        self._loop = asyncio.get_running_loop()
        self._callback = callback
        if self._engine.dialect.name == "postgresql" and self._listener is None:
            _, parameters = self._engine.dialect.create_connect_args(self._engine.url)
            self._listener = self._loop.create_task(self._listen(parameters))

    def notify(self) -> None:
        """Call back, from any thread."""
        if self._loop is not None and self._callback is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._callback)

    async def living(self) -> int | None:
        """Return the holder whose lock shows that this process lives; None if nothing does at this moment.

        For the first one it waits a little: what is claimed before it would be leased to nobody.
        """
        if self._listener is None:
            return None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_INTERVAL):
                await self._listening.wait()
        return self.holder if self._listening.is_set() else None

    async def close(self) -> None:
        """Stop listening and notify nobody any more."""
        self._callback = None
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait([self._listener])

    async def _listen(self, parameters: Mapping[str, Any]) -> None:
        import psycopg  # SQLite, the usual case, starts without it

        logged = float("-inf")
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **parameters, autocommit=True, connect_timeout=5, application_name="tot-bot listening"
                ) as connection:
                    await connection.execute(f"SELECT pg_advisory_lock_shared({RUNNING_LOCK})")
                    await connection.execute(f"SELECT pg_advisory_lock_shared({HOLDERS}, {self.holder})")
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._listening.set()
                    # What was enqueued before this moment has not been heard.
                    self.notify()
                    async for _ in connection.notifies():
                        self.notify()
            except psycopg.Error as error:
                if time.monotonic() - logged > LOGGED_EVERY:
                    logged = time.monotonic()
                    log.warning("not listening", error=type(error).__name__)
            finally:
                self._listening.clear()
            self.notify()
            await asyncio.sleep(POLL_INTERVAL)

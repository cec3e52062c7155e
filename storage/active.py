"""The lock of the one working process; on PostgreSQL other processes stand by (docs/reliability.md 2).

On SQLite it is a lock on a file next to the database, which the system releases when the process ends. On
PostgreSQL it is an advisory lock on a connection of its own. A frozen process releases neither, so PostgreSQL
ends a session that has been silent for several heartbeats, and another process takes over. It writes an
epoch, a random number, to the database; a process that finds another epoch than its own there stops working.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import NotActive, TotError
from storage.schema.infrastructure import installation

#: Key of the lock that the active process holds; no backup is restored meanwhile. «totr» in ASCII.
RUNNING_LOCK = 0x746F7472
#: Time between two heartbeats, in seconds.
HEARTBEAT = 5.0
#: The server ends a session that is silent for longer than this, in seconds.
SILENT = 20.0
#: No work is started unless the lock was confirmed within this many seconds.
CONFIRMED = 10.0
#: Time between two tries to take the lock or to reconnect, in seconds.
AGAIN = 0.5
_NEVER = float("-inf")
#: Epochs are below this: the limit of the column.
_EPOCHS = 2**63
_TAKE = f"SELECT pg_try_advisory_lock({RUNNING_LOCK})"
#: Linux's boot-time clock also runs while the machine sleeps or is frozen as a whole.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

log = structlog.get_logger(__name__)


def lock_file(database: Path) -> int:
    """Lock a SQLite database for one process, until the descriptor that is returned is closed.

    Raises:
        TotError: another process has it, or its file cannot be opened.
    """
    try:
        file = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise TotError(f"{database}.lock cannot be written: {error.strerror}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise TotError(
            f"a running bot, or a restore, uses {database}, and only one can: stop it first, or use "
            "PostgreSQL, where a second bot stands by"
        ) from None
    return file


class FileLock:
    """An exclusive lock on a file next to a SQLite database; refused if another process has it."""

    def __init__(self, database: Path) -> None:
        #: Never set: no other process can take over.
        self.lost = asyncio.Event()
        self._database = database
        self._held: int | None = None

    async def hold(self, standing_by: Callable[[], Awaitable[None]]) -> None:
        self._held = lock_file(self._database)

    def confirmed(self) -> bool:
        return self._held is not None

    def check(self, connection: Connection) -> None:
        """Do nothing: no other process can have taken over."""

    async def release(self) -> None:
        """Release the lock. The file stays: another process may just have opened it."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


class ServerLock:
    """An advisory lock on a PostgreSQL server, with a heartbeat and an epoch."""

    def __init__(self, engine: Engine) -> None:
        #: Set once another process has taken over.
        self.lost = asyncio.Event()
        self._engine = engine
        self._held = asyncio.Event()
        self._confirmed = _NEVER
        self._epoch: int | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def hold(self, standing_by: Callable[[], Awaitable[None]]) -> None:
        """Wait until this is the active process; call `standing_by` if that is not at once."""
        self._keeping = asyncio.create_task(self._keep())
        try:
            await asyncio.wait_for(self._held.wait(), 2 * AGAIN)
        except TimeoutError:
            await standing_by()
            await self._held.wait()

    def confirmed(self) -> bool:
        """Return whether no other process can have taken over; False also before the lock is held."""
        return not self.lost.is_set() and _now() - self._confirmed < CONFIRMED

    def check(self, connection: Connection) -> None:
        """Raise NotActive if another process has taken over, as this transaction sees it."""
        if self._epoch is not None and connection.scalar(select(installation.c.epoch)) != self._epoch:
            raise NotActive

    async def release(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])

    async def _keep(self) -> None:
        """Hold the lock, and take it again after a lost connection, until another process has it."""
        import psycopg  # SQLite, the usual case, starts without it

        _, parameters = self._engine.dialect.create_connect_args(self._engine.url)
        options = f"{parameters.get('options', '')} -c idle_session_timeout={SILENT:.0f}s"
        named = {**parameters, "options": options, "application_name": "tot-bot active"}
        while not self.lost.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(
                    **named, autocommit=True, connect_timeout=5
                ) as connection:
                    await self._beat(connection)
            except (psycopg.Error, SQLAlchemyError, TimeoutError) as error:
                if self._confirmed > _NEVER:
                    log.warning("active.unconfirmed", error=type(error).__name__)
                self._confirmed = _NEVER
            await asyncio.sleep(AGAIN)

    async def _beat(self, connection: Any) -> None:
        at = _now()
        while not await _scalar(connection, _TAKE):
            if self._epoch is not None and not await asyncio.to_thread(self._is_mine):
                break
            await asyncio.sleep(AGAIN)
            at = _now()
        if not await asyncio.to_thread(self._is_mine):
            log.error("active.lost")
            self.lost.set()
            return
        while True:
            self._confirmed = at
            self._held.set()
            # Wait for the next heartbeat; a cut connection ends the wait at once.
            async for _ in connection.notifies(timeout=HEARTBEAT):
                pass
            at = _now()
            async with asyncio.timeout(CONFIRMED):
                await _scalar(connection, "SELECT 1")

    def _is_mine(self) -> bool:
        """Return whether no other process has taken over; the first call writes this process's epoch."""
        with self._engine.begin() as connection:
            if self._epoch is not None:
                return connection.scalar(select(installation.c.epoch)) == self._epoch
            epoch = secrets.randbelow(_EPOCHS)
            connection.execute(update(installation).values(epoch=epoch))
        self._epoch = epoch
        return True


async def _scalar(connection: Any, query: str) -> Any:
    answer = await connection.execute(query)
    return (await answer.fetchone())[0]


def _now() -> float:
    return time.clock_gettime(_CLOCK)

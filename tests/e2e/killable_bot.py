"""A sandbox, and a bot in a separate process that can be killed and restarted on the same database."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.cli.manifest import MANIFEST
from bot.usecases.ports import Posted
from sandbox.clock import MovableClock
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.settings import Settings
from storage.database import SqlDatabase
from tests.databases import open_database
from tests.e2e import kit
from tests.e2e.bot_process import run
from tests.e2e.kit import IN_TIME
from tests.forks import FORKS

#: Longer than the wait before what may have landed is looked for again.
A_MINUTE = timedelta(seconds=61)
#: Seconds between two checks of the database: no event tells the test what another process has written.
LOOK = 0.01


class KillableBot:
    """The bot's process, which can be restarted."""

    def __init__(
        self, sandbox: Sandbox, database: SqlDatabase, database_url: str, clock_file: Path, silent: float
    ) -> None:
        self.sandbox = sandbox
        self.database = database
        self._database_url = database_url
        self._arguments = [sandbox.api_url, database_url, str(clock_file)]
        self._silent = str(silent)
        self.pid: int | None = None

    # --- what the stage needs ---------------------------------------------------------------------------

    async def idle(self) -> None:
        """Wait until nothing is due, by the database: claimed entries are due as well."""
        async with asyncio.timeout(IN_TIME):
            while (due := await self.next_due()) and due <= self.sandbox.clock.now():  # noqa: ASYNC110
                await asyncio.sleep(LOOK)

    async def clock_moved(self) -> None:
        if self.pid is not None:
            os.kill(self.pid, signal.SIGUSR1)

    async def next_due(self) -> datetime | None:
        due_in = await self.database.outbox.next_due_in()
        return None if due_in is None else self.sandbox.clock.now() + due_in

    # --- life and death ---------------------------------------------------------------------------------

    async def start(self, port: int = 0, slow: float = 15.0) -> None:
        """Start a process, with a /healthz at this port, and wait until it is connected.

        It tells people to wait after `slow` seconds.
        """
        process = FORKS.Process(
            target=run, args=(*self._arguments, str(port), str(slow), self._silent), daemon=True
        )
        await asyncio.to_thread(process.start)
        self.pid = process.pid
        await self.sandbox.connected(within=IN_TIME)

    async def kill(self, *, later: bool = True) -> None:
        """Send SIGKILL; then release what Slack's side still holds, and, if `later`, let a minute pass."""
        await self.gone(signal.SIGKILL)
        self.sandbox.faults.clear()
        if later:
            self.sandbox.clock.move(A_MINUTE)

    async def gone(self, by: signal.Signals) -> None:
        """Send the process a signal that ends it, and wait until it, its sockets and its lock are gone."""
        await self.ended_by(by, within=IN_TIME)
        if not await self.sandbox.workspace.changes.until(lambda: self.sandbox.sockets.count == 0, IN_TIME):
            raise TimeoutError("its sockets are still open")

    async def ended_by(self, by: signal.Signals, *, within: float) -> None:
        """Send a signal, and wait until the process is gone; TimeoutError if that takes too long."""
        assert self.pid is not None
        os.kill(self.pid, by)
        async with asyncio.timeout(within):
            while is_alive(self.pid):  # noqa: ASYNC110
                await asyncio.sleep(LOOK)
        self.pid = None

    async def killed_at(self, *faults: Fault, later: bool = True) -> None:
        """Kill it when a call has met each of the faults, all of which hold the call."""
        await self._met(*faults)
        await self.kill(later=later)

    async def killed_before_mark(self, fault: Fault, posted: int) -> None:
        """Kill it when an answer that the fault held back is stored, but the entry is not yet marked.

        `posted` is the number of messages remembered before. The kill happens as soon as it can.
        """
        await self._met(fault)
        self.sandbox.faults.release()
        async with asyncio.timeout(IN_TIME):
            while await self.posted() <= posted:  # noqa: ASYNC110
                await asyncio.sleep(0)
        await self.kill()

    async def _met(self, *faults: Fault) -> None:
        pulse = self.sandbox.workspace.changes
        if not await pulse.until(lambda: all(f.hits for f in faults), IN_TIME):
            raise TimeoutError(f"never reached: {[f.method for f in faults if not f.hits]}")

    async def reopen_database(self) -> None:
        """Reopen the database, without cached keys or content."""
        await self.database.close()
        self.database = open_database(self._database_url, self.sandbox.clock)

    async def posted(self) -> int:
        """Return how many of the bot's messages the database remembers."""
        return await self.database.read(lambda uow: len(uow.find(Posted)))

    async def end(self) -> None:
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.asynccontextmanager
async def killable_stage(
    database_url: str, folder: Path, starts: datetime, silent: float = 20.0
) -> AsyncIterator[tuple[ExerciseRunner, KillableBot]]:
    """Yield a stage with a killable bot. The database is migrated.

    On PostgreSQL another process takes over when it has been `silent` for this many seconds.
    """
    clock = MovableClock(folder / "clock")
    clock.move_to(starts)
    settings = Settings(
        ack_seconds=20.0,
        trigger_seconds=20.0,
        retry_delays=(0.0, 0.1, 0.2, 0.5, 1.0),
        reach=IN_TIME,
        patience=IN_TIME,
    )
    database = open_database(database_url, clock)
    await kit.know_partners(database)
    async with Sandbox(MANIFEST, clock=clock, settings=settings) as sandbox:
        mortal = KillableBot(sandbox, database, database_url, folder / "clock", silent)
        try:
            await mortal.start()
            yield ExerciseRunner(sandbox, mortal), mortal
        finally:
            await mortal.end()
            await mortal.database.close()

"""Another process stands by, and takes over at once from one that is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from tests.e2e import kit
from tests.e2e.killable_bot import killable_stage
from tests.e2e.ports import free_port, health_at

#: Real time, in seconds; measured: see docs/reliability.md. Machines are shared.
SOON = 15.0


async def test_who_stands_by_says_so_and_takes_over_from_one_that_is_killed(
    postgres_database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(postgres_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        sandbox, first, port = runner.sandbox, mortal.pid, free_port()
        assert first is not None
        await kit.open_case(runner, "Politiet")
        await mortal.start(port)
        while not (state := (await health_at(port))[1]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert state["ok"]
        assert state["notes"][0] == "standby: another process is active; this one takes over when it ends"
        assert await health_at(port, "/readyz") == (200, {"ok": True, "standby": True})
        assert sandbox.sockets.count == 1
        began = time.monotonic()
        os.kill(first, signal.SIGKILL)
        assert await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == 0, kit.IN_TIME)
        await sandbox.connected(within=kit.IN_TIME)
        await kit.confirm(runner, "politi-exit")
        while await health_at(port, "/readyz") != (200, {"ok": True, "standby": False}):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert time.monotonic() - began < SOON

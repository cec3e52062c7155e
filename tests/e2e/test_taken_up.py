"""Killed at a call while opening a case, and restarted at once: nobody waits."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from pathlib import Path

from sandbox.faults import Fault, Kind
from tests.databases import sqlite_first
from tests.e2e import kit
from tests.e2e.killable_bot import killable_stage
from tests.e2e.ports import free_port, health_at
from tests.e2e.test_killed import Where, to

POST = "chat.postMessage"
ASKED = "trenger Politiet i en sak i TOT Bergen"
#: Real time, in seconds; measured: see docs/reliability.md. Machines are shared.
SOON = 15.0


@sqlite_first
async def test_what_a_dead_process_had_in_hand_is_taken_up_at_once(database_url: str, tmp_path: Path) -> None:
    async with killable_stage(database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await runner.until_idle()
        sandbox = runner.sandbox
        steps: list[tuple[Kind, str, Where | None]] = [
            ("hang_before", "conversations.create", None),
            ("hang_after", POST, to(sandbox, "politi-exit")),
        ]
        took: list[float] = []
        for kind, method, where in steps:
            await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
            fault = sandbox.faults.add(Fault(kind, method, where=where))
            await runner.sends(runner.person("koordinator"))
            await mortal.killed_at(fault, later=False)
            began = time.monotonic()
            await mortal.start()
            await runner.until_idle()
            took.append(time.monotonic() - began)
        rooms = kit.rooms(sandbox)
        assert len(rooms) == len(steps)
        cards = [
            [m for m in sandbox.person("koordinator").messages(room) if m.sender == "tot-bot"]
            for room in rooms
        ]
        assert [len(each) for each in cards] == [1] * len(steps)
        asked = Counter(kit.heading(m.text) for m in kit.direct(sandbox, "politi-exit"))
        assert asked[ASKED] == len(steps)
        assert max(took) < SOON, took


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

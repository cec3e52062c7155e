"""People left waiting, and what shutdown waits for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.usecases.ports import Waiting
from handlers.slack.inflight import InFlight
from handlers.slack.slow_reply import Waits
from storage.crypto.master_key import new_secret
from storage.database import SqlDatabase
from storage.waiting import WaitingFolder
from tests.databases import SettableClock


async def test_one_who_cannot_be_told_now_holds_up_nobody_for_good(
    database: SqlDatabase, clock: SettableClock, tmp_path: Path
) -> None:
    folder, forms = WaitingFolder(tmp_path / "waiting", new_secret()), {"V1", "V2", "V3"}
    for form in forms:
        folder.note(Waiting(("view", form), f"U{form}", form, clock.now())).release()
    told: asyncio.Queue[str | None] = asyncio.Queue()
    fails = iter([ConnectionError()])

    async def in_form(waiting: Waiting) -> None:
        for error in fails:
            raise error
        told.put_nowait(waiting.view_id)

    waits = Waits(folder, database, in_form)
    with pytest.raises(ConnectionError):
        await waits.run()
    again = asyncio.create_task(waits.run())
    assert {await asyncio.wait_for(told.get(), 60.0) for _ in forms} == forms
    again.cancel()
    assert len(await database.outbox.upcoming(10)) == len(forms), "each once"


async def test_what_begins_as_the_last_one_ends_is_waited_for_too() -> None:
    inflight = InFlight()
    first, second = inflight.one(), inflight.one()
    first.__enter__()
    over = asyncio.create_task(inflight.over())
    await asyncio.sleep(0)
    first.__exit__(None, None, None)
    with second:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not over.done()
    await asyncio.wait_for(over, 60.0)

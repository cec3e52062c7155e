"""Those who were left waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.usecases.ports import Waiting
from handlers.slack.slow_reply import Waits
from storage.crypto.master_key import new_secret
from storage.database import SqlDatabase
from storage.waiting import WaitingFolder
from tests.databases import SettableClock

TIMEOUT = 60.0


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
    assert {await asyncio.wait_for(told.get(), TIMEOUT) for _ in forms} == forms
    again.cancel()
    assert len(await database.outbox.upcoming(10)) == len(forms), "each once"

"""Long-lived tasks: one that fails is restarted, logged and noticed."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from bot import tasks
from bot.tasks import Tasks
from tests.e2e.kit import until

FAILURES = (
    *(ValueError("x"), MemoryError(), OSError(28, "No space left on device"), TimeoutError()),
    *(sqlite3.OperationalError("database is locked"), ExceptionGroup("x", [ValueError("y")])),
)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
async def test_a_task_that_fails_is_begun_again_logged_and_seen(
    failure: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PAUSE", 0.01)
    monkeypatch.setattr(tasks, "WELL_AFTER", 0.1)
    begun = 0
    goes_on = asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise failure
        await goes_on.wait()

    group = Tasks()
    group.start("reading", work)
    assert group.well() == {"reading": True}
    await until(lambda: begun == 3)
    assert group.well() == {"reading": False}
    await until(lambda: group.well() == {"reading": True})
    log = capsys.readouterr().out
    assert log.count("task.failed") == 2
    assert type(failure).__name__ in log
    assert "No space left" not in log, "what an error says may quote what people wrote"
    goes_on.set()
    await group.ended("reading")
    await group.stop()

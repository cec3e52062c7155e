"""Erasing happens, or is seen not to: the key store is busy. Slack's refusals are in test_left_standing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Case
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e.test_left_standing import has_key


@pytest.mark.usefixtures("in_a_room")
async def test_a_key_store_that_was_busy_loses_the_key_later(
    rehearsal: Rehearsal, runner: ExerciseRunner, tmp_path: Path
) -> None:
    await kit.submit_form(runner, "koordinator", "/tot lukk", kit.the_room(runner))
    # It gives up on a lock at once, and not after five seconds.
    engine = rehearsal.bot.database.keyring.keystore._opened()
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(tmp_path / "tot-keys.db", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        runner.sandbox.clock.move_to(runner.day(46))
        await rehearsal.bot.clock_moved()
        await runner.until_idle()
        (case,) = await rehearsal.bot.database.read(lambda uow: uow.find(Case))
        assert case.purged_at is not None
        assert has_key(tmp_path, f"case/{case.id}")
        state = await rehearsal.bot.health.state()
        assert state["erasing"] is False
        for _ in range(2):
            await rehearsal.bot.scheduler.erase()
        failing = "task: erasing keeps failing: operator: see its line in the log"
        assert failing in (await rehearsal.bot.health.state())["attention"]  # type: ignore[operator]
    for job in rehearsal.bot.scheduler._scheduler.get_jobs():
        await job.func()
    await runner.until_idle()
    assert not has_key(tmp_path, f"case/{case.id}")
    state = await rehearsal.bot.health.state()
    assert state["erasing"] is True
    assert state["task"] is True

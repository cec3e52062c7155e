"""Hourly and daily jobs: the log is anchored, a backup made, old ones deleted; lateness is detected."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import rehearse
from bot.daily_jobs import BACKUPS_KEPT, LATE, MISSED, DailyJobs
from bot.domain.access import Action
from bot.domain.audit import AuditEntry
from bot.logs import set_up
from bot.settings import StoreSettings
from bot.usecases.ports import UnitOfWork
from storage.crypto.keystore import keys_in
from storage.crypto.master_key import read_secret
from tests.databases import SECRET_KEY, SettableClock, open_database, opened
from tests.e2e import kit
from tests.storage.entities import OPEN


def stored(url: str, **more: Any) -> StoreSettings:
    return StoreSettings(database_url=url, secret_key=read_secret(SECRET_KEY), **more)


def hours_old(daily_jobs: DailyJobs) -> int:
    age = daily_jobs.backup_age()
    assert age is not None
    return age // timedelta(hours=1)


async def test_a_day_and_the_next(sqlite_database_url: str, clock: SettableClock, tmp_path: Path) -> None:
    # At noon: in a day's first hours yesterday's may still come.
    clock.move_to(clock.now().replace(hour=12, minute=0))
    folder = tmp_path / "backups"
    exports = str(tmp_path / "exports")
    settings = stored(sqlite_database_url, backup_dir=str(folder), keys_export_dir=exports)
    database = open_database(sqlite_database_url, clock)
    daily_jobs = DailyJobs(database, clock, settings)
    assert hours_old(daily_jobs) == 50

    def work(uow: UnitOfWork) -> None:
        uow.add(*OPEN)
        uow.audit(AuditEntry(Action.OPEN_CASE, "leader", "case"))

    await database.write(work)
    for _ in range(2):
        await daily_jobs.anchor()
        await daily_jobs.daily()
    assert hours_old(daily_jobs) == 12
    assert len(list(folder.iterdir())) == 1
    (export,) = (tmp_path / "exports").iterdir()
    assert export.stat().st_mode & 0o777 == 0o600
    assert "case/case" in {row.scope for row in keys_in(export) if row.wrapped}
    database.keyring.destroy("case/case")
    await daily_jobs.daily()
    assert list(export.parent.iterdir()) == [export]
    assert {row.wrapped for row in keys_in(export) if row.scope == "case/case"} == {None}
    assert [line.split()[1] for line in settings.anchor_file.read_text().splitlines()] == ["1"]
    assert settings.anchor_file == tmp_path / "tot-audit.txt"

    for late, missed in ((False, False), (True, False), (True, False), (True, True)):
        clock.move(timedelta(days=1))
        assert (age := daily_jobs.backup_age()) is not None
        assert (age >= LATE, age >= MISSED) == (late, missed)
    for number in range(1, 32):
        (folder / f"tot-2026-01-{number:02}.backup").touch()
    for _ in range(3):
        await daily_jobs.daily()
        clock.move(timedelta(days=1))
    assert len(list(folder.iterdir())) == BACKUPS_KEPT
    assert await database.log.check(settings.anchor_file, clock.now()) == (1, [])
    # A clock that is a year ahead for an hour leaves a backup that hides no missing one.
    clock.move(timedelta(days=365))
    await daily_jobs.daily()
    clock.move(timedelta(days=-365))
    assert hours_old(daily_jobs) == 24 + 12
    await database.close()


async def test_the_bot_anchors_hourly(sqlite_database_url: str, tmp_path: Path) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        job = rehearsal.bot.scheduler._scheduler.get_job("anchor")
        assert job.trigger.interval == timedelta(hours=1)
        for _ in range(2):
            await kit.open_case(rehearsal.runner, "Politiet", when="i morgen kl 10")
            await job.func()
    with contextlib.closing(sqlite3.connect(tmp_path / "tot.db")) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM audit").fetchone()
    numbers = [int(line.split()[1]) for line in (tmp_path / "tot-audit.txt").read_text().splitlines()]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 2
    assert numbers[-1] == rows


async def test_an_anchor_stands_in_the_log_stream_too(
    sqlite_database_url: str, clock: SettableClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log collector elsewhere keeps what nobody on this machine can cut off; the anchor has no content."""
    set_up(json=True)
    settings = stored(sqlite_database_url)
    async with opened(sqlite_database_url, clock) as database:
        daily_jobs = DailyJobs(database, clock, settings)
        await daily_jobs.anchor()
        await database.log.note(clock.now(), AuditEntry(Action.OPEN_CASE, "leader", "case"))
        for _ in range(2):
            await daily_jobs.anchor()
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    _, number, hash_ = settings.anchor_file.read_text().split()
    assert (line["event"], line["hash"]) == ("audit.anchored", hash_)
    assert int(number) not in line.values()

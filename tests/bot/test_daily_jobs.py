"""What is done daily: the log anchored, a backup made, old ones gone; and its being late is seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.daily_jobs import DailyJobs
from bot.domain.access import Action
from bot.domain.audit import AuditEntry
from bot.settings import StoreSettings
from bot.usecases.ports import UnitOfWork
from storage.audit import read_anchors
from tests.databases import SECRET_KEY, SettableClock, open_database
from tests.storage.entities import OPEN


async def test_a_day_and_the_next(sqlite_database_url: str, clock: SettableClock, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    settings = StoreSettings(
        database_url=sqlite_database_url,
        secret_key=SecretStr(SECRET_KEY),
        backup_dir=str(folder),
        backups_kept=2,
    )
    database = open_database(sqlite_database_url, clock)
    daily_jobs = DailyJobs(database, clock, settings)
    assert daily_jobs.backup_is_late()

    def work(uow: UnitOfWork) -> None:
        uow.add(*OPEN)
        uow.audit(AuditEntry(Action.OPEN_CASE, "leader", "case"))

    await database.write(work)
    for _ in range(2):
        await daily_jobs.daily()
    assert not daily_jobs.backup_is_late()
    assert len(list(folder.iterdir())) == 1
    assert read_anchors(settings.anchor_file).keys() == {1}
    assert settings.anchor_file == tmp_path / "tot-audit.txt"

    clock.move(timedelta(days=3))
    assert daily_jobs.backup_is_late()
    for _ in range(3):
        await daily_jobs.daily()
        clock.move(timedelta(days=1))
    assert len(list(folder.iterdir())) == 2
    assert await database.log.verify(settings.anchor_file) == (1, None)
    await database.close()


async def test_without_a_folder_nothing_is_late(sqlite_database_url: str, clock: SettableClock) -> None:
    settings = StoreSettings(database_url=sqlite_database_url, secret_key=SecretStr(SECRET_KEY))
    database = open_database(sqlite_database_url, clock)
    daily_jobs = DailyJobs(database, clock, settings)
    await daily_jobs.daily()
    assert not daily_jobs.backup_is_late()
    await database.close()

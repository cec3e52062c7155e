"""Hourly and daily jobs for proof and recovery: anchor and expire the audit log, back up, export keys."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.settings import StoreSettings
from bot.usecases.ports import Clock
from storage.database import SqlDatabase

log = structlog.get_logger(__name__)
#: A backup is made each day, and its age counts from the start of its day: after LATE something is wrong;
#: after MISSED three are missing, which is urgent.
LATE, MISSED = timedelta(days=2, hours=2), timedelta(days=4)
#: How long the log of a deleted case can be read, and how many backups are kept.
AUDIT_KEPT, BACKUPS_KEPT = timedelta(days=730), 30
_PATTERN = "tot-????-??-??.backup"


def newest_backup(folder: Path, now: datetime) -> Path | None:
    """Return the newest backup of a day that has come: a clock that was ahead leaves one of a later day."""
    return max((each for each in folder.glob(_PATTERN) if each.name <= _name(now)), default=None)


def age_of(backup: Path, now: datetime) -> timedelta:
    return now - datetime.strptime(backup.name, "tot-%Y-%m-%d.backup").replace(tzinfo=UTC)


def _name(at: datetime) -> str:
    return f"tot-{at:%Y-%m-%d}.backup"


class DailyJobs:
    """The daily jobs, which may be repeated."""

    def __init__(self, database: SqlDatabase, clock: Clock, settings: StoreSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._before = clock.now() - LATE
        self._folder = None if settings.backup_dir is None else Path(settings.backup_dir)

    async def anchor(self) -> None:
        """Anchor the audit log in its file and in the process log, so that log collectors have the anchors.

        The process log omits the row number, which would tell how much was done in each hour.
        """
        anchored = await self._database.log.anchor(self._settings.anchor_file, self._clock.now())
        if anchored is not None:
            log.info("audit.anchored", hash=anchored.hex())

    async def daily(self) -> None:
        """Run the daily jobs. Call it at start, and more often than once a day."""
        now = self._clock.now()
        try:
            await self._database.log.expire(now, AUDIT_KEPT)
            if self._folder is not None:
                await self._back_up(self._folder, now)
        finally:
            # Also after a failed backup: an older export still opens, in older backups, what has been erased
            # since.
            if (export := self._settings.keys_export) is not None:
                await asyncio.to_thread(export.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
                await asyncio.to_thread(self._database.keyring.keystore.copy_to, export)

    async def _back_up(self, folder: Path, now: datetime) -> None:
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        path = folder / _name(now)
        with contextlib.suppress(FileExistsError):
            await self._database.back_up(path)
        await asyncio.to_thread(self._prune, folder)

    def _prune(self, folder: Path) -> None:
        for old in sorted(folder.glob(_PATTERN))[:-BACKUPS_KEPT]:
            old.unlink(missing_ok=True)

    def backup_age(self) -> timedelta | None:
        """Return the age of the newest backup, None if the bot makes none.

        Without one at the start, act as if the newest had just become late.
        """
        if self._folder is None:
            return None
        now = self._clock.now()
        newest = newest_backup(self._folder, now)
        return now - self._before if newest is None else age_of(newest, now)

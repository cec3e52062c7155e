"""Hourly and daily jobs, to be able to prove and to restore: the log anchored and expired, a backup made."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import timedelta
from pathlib import Path

import structlog

from bot.settings import StoreSettings
from bot.usecases.ports import Clock
from storage.crypto.keystore import Keystore
from storage.database import SqlDatabase

log = structlog.get_logger(__name__)
#: A backup is made each day; later than this, something is wrong.
LATE = timedelta(hours=26)
_PATTERN = "tot-????-??-??.backup"


def newest_backup(folder: Path) -> Path | None:
    """Return the newest of the daily backups."""
    return max(folder.glob(_PATTERN), default=None)


def export_keys(keystore: Keystore, path: Path) -> None:
    """Write the newest export of the keys, for its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keystore.copy_over(path)


class DailyJobs:
    """The daily jobs; any number of processes may do them, and doing them twice changes nothing."""

    def __init__(self, database: SqlDatabase, clock: Clock, settings: StoreSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._folder = None if settings.backup_dir is None else Path(settings.backup_dir)

    async def anchor(self) -> None:
        """Anchor the audit log, in its file and in this log: whoever collects that has the anchors too.

        There without the number: the log would tell how much was done in each hour.
        """
        anchored = await self._database.log.anchor(self._settings.anchor_file, self._clock.now())
        if anchored is not None:
            log.info("audit.anchored", hash=anchored.hash.hex())

    async def daily(self) -> None:
        """To be called more often than once a day, and at start."""
        now = self._clock.now()
        await self._database.log.expire(now, timedelta(days=self._settings.audit_days))
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"tot-{now:%Y-%m-%d}.backup"
            if not path.exists():
                await self._back_up(path)
            await asyncio.to_thread(self._prune, self._folder)
        if (export := self._settings.keys_export) is not None:
            # Each time: an older one still opens, in older backups, what has been erased since.
            await asyncio.to_thread(export_keys, self._database.keyring.keystore, export)

    async def _back_up(self, path: Path) -> None:
        try:
            await self.anchor()
        except OSError as error:
            # Better a backup of a log without an anchor than none; verifying tells that it has none.
            log.error("upkeep.failed", job="anchor", error=type(error).__name__)
        with contextlib.suppress(FileExistsError):
            await self._database.back_up(path)

    def _prune(self, folder: Path) -> None:
        for old in sorted(folder.glob(_PATTERN))[: -self._settings.backups_kept]:
            old.unlink(missing_ok=True)

    def backup_age(self) -> float | None:
        """Return seconds since the last backup was written; None where none are made, or none is there."""
        newest = self._newest()
        return None if newest is None else max(time.time() - newest.stat().st_mtime, 0.0)

    def _newest(self) -> Path | None:
        return None if self._folder is None else newest_backup(self._folder)

    def backup_is_late(self) -> bool:
        if self._folder is None:
            return False
        newest = self._newest()
        if newest is None:
            return True
        day = newest.stem.removeprefix("tot-")
        return f"{self._clock.now() - LATE:%Y-%m-%d}" > day

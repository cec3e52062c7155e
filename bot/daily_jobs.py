"""Hourly and daily jobs, to be able to prove and to restore: the log anchored and expired, a backup made."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.settings import StoreSettings
from bot.usecases.ports import Clock
from storage.crypto.keystore import Keystore
from storage.database import SqlDatabase

log = structlog.get_logger(__name__)
#: A backup is made each day; later than this, something is wrong, and it is urgent when three are missed.
LATE, MISSED = timedelta(hours=26), timedelta(days=3)
#: How long the log of a case can be read after its deletion, and how many backups there are at a time.
AUDIT_KEPT, BACKUPS_KEPT = timedelta(days=730), 30
_PATTERN = "tot-????-??-??.backup"


def newest_backup(folder: Path) -> Path | None:
    return max(folder.glob(_PATTERN), default=None)


def export_keys(keystore: Keystore, path: Path) -> None:
    """Write the newest export of the keys, for its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keystore.copy_over(path)


@dataclass(frozen=True, slots=True)
class Backup:
    """How many seconds ago the last one was made, None if there is none; whether it is late, or three are."""

    age: float | None
    late: bool
    missed: bool


@contextlib.contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """Whoever hears that it failed hears where: a full disk does not say."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(folder)
        raise


class DailyJobs:
    """The daily jobs; any number of processes may do them, and doing them twice changes nothing."""

    def __init__(self, database: SqlDatabase, clock: Clock, settings: StoreSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        #: Where there is no backup at the start, it is as late as one that has just become late.
        self._before = clock.now() - LATE - timedelta(days=1)
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
        try:
            await self._database.log.expire(now, AUDIT_KEPT)
            if self._folder is not None:
                with _writing_to(self._folder):
                    await self._back_up(self._folder, now)
        finally:
            # Each time, whatever the backup met: an older one still opens, in older backups, what has been
            # erased since.
            if (export := self._settings.keys_export) is not None:
                with _writing_to(export.parent):
                    await asyncio.to_thread(export_keys, self._database.keyring.keystore, export)

    async def _back_up(self, folder: Path, now: datetime) -> None:
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        path = folder / f"tot-{now:%Y-%m-%d}.backup"
        if not path.exists():
            await self._write(path)
        await asyncio.to_thread(self._prune, folder)

    async def _write(self, path: Path) -> None:
        try:
            await self.anchor()
        except OSError as error:
            # Better a backup of a log without an anchor than none; verifying tells that it has none.
            log.error("upkeep.failed", job="anchor", error=type(error).__name__)
        with contextlib.suppress(FileExistsError):
            await self._database.back_up(path)

    def _prune(self, folder: Path) -> None:
        for old in sorted(folder.glob(_PATTERN))[:-BACKUPS_KEPT]:
            old.unlink(missing_ok=True)

    def backup(self) -> Backup | None:
        """Return how it stands with the backups, None where none are made."""
        if self._folder is None:
            return None
        newest, now = newest_backup(self._folder), self._clock.now()
        day = f"{self._before:%Y-%m-%d}" if newest is None else newest.stem.removeprefix("tot-")
        return Backup(
            None if newest is None else max(time.time() - newest.stat().st_mtime, 0.0),
            late=f"{now - LATE:%Y-%m-%d}" > day,
            missed=f"{now - MISSED:%Y-%m-%d}" > day,
        )

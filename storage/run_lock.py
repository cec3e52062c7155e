"""One process for one SQLite file: held from the start of `tot run` until the process is gone."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.domain.errors import TotError


class AlreadyRunning(TotError):
    """Another process runs on the same SQLite file."""


class NoLock(TotError):
    """The file that is locked cannot be opened."""


class RunLock:
    """An exclusive lock on a file beside the database; the system lets go of it whenever the process ends."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._held: int | None = None

    def hold(self) -> None:
        """Take the lock."""
        try:
            file = os.open(f"{self._database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise NoLock(f"{self._database}.lock cannot be written: {error.strerror}") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise AlreadyRunning(
                f"another `tot run` works on {self._database}: one SQLite file is for one process. Stop the "
                "other one first, or use PostgreSQL for several"
            ) from None
        self._held = file

    def release(self) -> None:
        """Let go of it; the file stays, for whoever waits for it has it open."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

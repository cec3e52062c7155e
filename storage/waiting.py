"""Notes of people who were told to wait: a file each in a folder, until they are told the outcome.

They are not in the database: people wait because it is slow or locked. The process that wrote a note holds a
lock on its file, which the system releases when the process is gone; then another process, or the next one,
tells the person. Notes are sealed with the master key. They are not synced: a power cut may lose one.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import structlog

from bot.usecases.ports import Waiting
from storage.crypto.keyring import derive, seal, unseal
from storage.crypto.master_key import KeyLost, SecretKey

log = structlog.get_logger(__name__)
_NEW = ".new"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that this process holds."""

    waiting: Waiting
    _file: Path
    _lock: int

    def settle(self) -> None:
        self._file.unlink(missing_ok=True)
        os.close(self._lock)

    def release(self) -> None:
        os.close(self._lock)


class WaitingFolder:
    """The folder at `path`, made when the first note is written."""

    def __init__(self, path: Path, secret: SecretKey) -> None:
        self._path = path
        self._keys = derive(secret.raw)

    def note(self, waiting: Waiting) -> Note:
        """Write a note, and hold it.

        Raises:
            OSError: it cannot be written.
        """
        self._path.mkdir(mode=0o700, exist_ok=True)
        name = secrets.token_hex(16)
        new, file = self._path / f"{name}{_NEW}", self._path / name
        data = json.dumps(astuple(waiting), default=datetime.isoformat).encode()
        lock = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.write(lock, seal(self._keys, 0, name.encode(), data))
            new.rename(file)
        except OSError:
            os.close(lock)
            new.unlink(missing_ok=True)
            raise
        return Note(waiting, file, lock)

    def abandoned(self) -> Iterator[Note]:
        """Yield the notes that no process holds, and hold them; remove those that cannot be read."""
        for file in sorted(self._path.iterdir()) if self._path.is_dir() else ():
            try:
                lock = os.open(file, os.O_RDONLY)
            except FileNotFoundError:
                continue
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            try:
                waiting = self._read(file)
            except (KeyLost, ValueError, OSError) as error:
                log.error("waiting.unreadable", error=type(error).__name__)
                file.unlink(missing_ok=True)
                os.close(lock)
                continue
            yield Note(waiting, file, lock)

    def _read(self, file: Path) -> Waiting:
        receipt, slack_id, view_id, said_at = json.loads(
            unseal(self._keys, file.name.encode(), file.read_bytes())
        )
        return Waiting(tuple(receipt), slack_id, view_id, datetime.fromisoformat(said_at))

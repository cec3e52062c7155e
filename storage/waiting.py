"""Notes of people who were told to wait: a file each in a folder, until they are told the outcome.

They are not in the database: people wait because it is slow or locked. The next process tells those whom a
process has left, since only one works. Notes are sealed with the master key. They are not synced: a power cut
may lose one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

import structlog

from bot.usecases.ports import Waiting
from storage.crypto.keyring import blind, derive, seal, unseal
from storage.crypto.master_key import KeyLost, SecretKey

log = structlog.get_logger(__name__)


class WaitingFolder:
    """The folder at `path`, made when the first note is written. A note is named after its receipt."""

    def __init__(self, path: Path, secret: SecretKey) -> None:
        self._path = path
        self._keys = derive(secret.raw)
        self._held: set[str] = set()

    def note(self, waiting: Waiting) -> None:
        """Write a note, and hold it.

        Raises:
            OSError: it cannot be written.
        """
        self._path.mkdir(mode=0o700, exist_ok=True)
        file = self._file(waiting)
        data = json.dumps(astuple(waiting), default=datetime.isoformat).encode()
        self._held.add(file.name)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
                opened.write(seal(self._keys, file.name.encode(), data))
        except OSError:
            self.settle(waiting)
            raise

    def settle(self, waiting: Waiting) -> None:
        self._file(waiting).unlink(missing_ok=True)
        self.release(waiting)

    def release(self, waiting: Waiting) -> None:
        self._held.discard(self._file(waiting).name)

    def abandoned(self) -> Iterator[Waiting]:
        """Yield who is in the notes that this process does not hold, and hold them.

        Notes that do not open are removed.
        """
        for file in sorted(self._path.iterdir()) if self._path.is_dir() else ():
            if file.name in self._held:
                continue
            try:
                waiting = self._read(file)
            except FileNotFoundError:
                continue
            except (KeyLost, ValueError, OSError) as error:
                log.error("waiting.unreadable", error=type(error).__name__)
                file.unlink(missing_ok=True)
                continue
            self._held.add(file.name)
            yield waiting

    def _file(self, waiting: Waiting) -> Path:
        return self._path / blind(self._keys, "waiting", json.dumps(waiting.receipt)).hex()

    def _read(self, file: Path) -> Waiting:
        receipt, slack_id, view_id, said_at = json.loads(
            unseal(self._keys, file.name.encode(), file.read_bytes())
        )
        return Waiting(tuple(receipt), slack_id, view_id, datetime.fromisoformat(said_at))

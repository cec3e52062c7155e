"""Notes of people who were told to wait: a file each in a folder, until they are told the outcome.

They are not in the database: people wait because it is slow or locked. The next process tells those whom a
process has left, since only one works. Notes are sealed with the master key. They are not synced: a power cut
may lose one.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Note:
    """A note that this process holds."""

    waiting: Waiting
    _file: Path
    _held: set[str]

    def settle(self) -> None:
        self._file.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        self._held.discard(self._file.name)


class WaitingFolder:
    """The folder at `path`, made when the first note is written."""

    def __init__(self, path: Path, secret: SecretKey) -> None:
        self._path = path
        self._keys = derive(secret.raw)
        self._held: set[str] = set()

    def note(self, waiting: Waiting) -> Note:
        """Write a note, and hold it.

        Raises:
            OSError: it cannot be written.
        """
        self._path.mkdir(mode=0o700, exist_ok=True)
        note = Note(waiting, self._path / secrets.token_hex(16), self._held)
        name = note._file.name
        data = json.dumps(astuple(waiting), default=datetime.isoformat).encode()
        self._held.add(name)
        try:
            with os.fdopen(os.open(note._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(seal(self._keys, name.encode(), data))
        except OSError:
            note.settle()
            raise
        return note

    def abandoned(self) -> Iterator[Note]:
        """Yield the notes that this process does not hold, and hold them; remove those that do not open."""
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
            yield Note(waiting, file, self._held)

    def _read(self, file: Path) -> Waiting:
        receipt, slack_id, view_id, said_at = json.loads(
            unseal(self._keys, file.name.encode(), file.read_bytes())
        )
        return Waiting(tuple(receipt), slack_id, view_id, datetime.fromisoformat(said_at))

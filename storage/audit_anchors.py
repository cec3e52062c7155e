"""The anchors of the audit log: an append-only file, best on another machine.

Each line has a time, and the number and hash of the row that was then the log's last. Nobody without the
log's key can make a row for another hash; lines can be cut off the end.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\d+) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row that was once the log's last."""

    at: str
    number: int
    hash: bytes


def add_anchor(path: Path, now: datetime, number: int, hash_: bytes, *, restored: bool) -> bool:
    """Add a line, unless the last line already has this row or a later one. Safe across processes.

    Return whether a line was added; if a backup was `restored`, one always is.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        *_, last = (Anchor("", 0, b""), *_anchors(text))
        if last.number >= number and not restored:
            return False
        # After a line that a crash has cut off, start a new line.
        file.write("\n" if text and not text.endswith("\n") else "")
        file.write(f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {number} {hash_.hex()}\n")
        return True


def read_anchors(path: Path) -> list[Anchor]:
    """Return the anchors in the file, without lines that a crash has cut off; none if it does not exist.

    Raises:
        OSError: it cannot be read.
    """
    return [*_anchors(path.read_text(errors="replace"))] if path.exists() else []


def _anchors(text: str) -> Iterator[Anchor]:
    for found in filter(None, map(_LINE.fullmatch, text.splitlines())):
        yield Anchor(found[1], int(found[2]), bytes.fromhex(found[3]))

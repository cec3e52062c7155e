"""The anchors of the audit log: an append-only file, best on another machine.

Each line has a time, the number and hash of the row that was then the log's last, the word `restored` if a
backup had just been put back, and a seal of this line and the previous line, made with the log's key. So
nobody without the keys can change, move or leave out a line; lines can be cut off the end.
"""

from __future__ import annotations

import fcntl
import hmac
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_LINE = re.compile(
    r"(?P<said>(?P<at>\S+) (?P<number>\d+) (?P<hash>[0-9a-f]{64})(?P<restored> restored)?)"
    r" (?P<seal>[0-9a-f]{32})"
)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row that was once the log's last; `restored` if it is the first one after a backup was put back."""

    at: datetime
    number: int
    hash: bytes
    restored: bool


@dataclass(frozen=True, slots=True)
class Anchors:
    """The readable lines, and what is wrong with the first line that is not as it was written, or None."""

    lines: tuple[Anchor, ...]
    wrong: str | None


class AnchorFile:
    """The anchor file at `path`, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(
        self, key: bytes, now: datetime, number: int, hash_: bytes, *, restored: bool = False
    ) -> Anchor | None:
        """Add a line, unless the last line already has this row or a later one. Safe across processes."""
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            text = file.read()
            before = text.splitlines()[-1] if text else ""
            last = _LINE.fullmatch(before)
            if last is not None and int(last["number"]) >= number and not restored:
                return None
            anchor = Anchor(now.astimezone(UTC).replace(microsecond=0), number, hash_, restored)
            said = f"{anchor.at:{_TIME}} {number} {hash_.hex()}{' restored' if restored else ''}"
            # After a line that a crash has cut off, start a new line.
            file.write("\n" if text and not text.endswith("\n") else "")
            file.write(f"{said} {_seal(key, before, said)}\n")
            return anchor

    def read(self, key: bytes) -> Anchors:
        """Return the anchors in the file; none if it does not exist.

        Raises:
            OSError: it cannot be read.
        """
        text = self.path.read_text(errors="replace") if self.path.exists() else ""
        lines: list[Anchor] = []
        faults: list[str] = []
        unreadable, before = "", ""
        for place, line in enumerate(text.splitlines(), start=1):
            found = _LINE.fullmatch(line)
            anchor = None if found is None else _anchor(found)
            if found is None or anchor is None:
                unreadable = unreadable or f"line {place} is not an anchor"
            else:
                if not hmac.compare_digest(found["seal"], _seal(key, before, found["said"])):
                    said = "has been changed, or the line before it has been changed or removed"
                    # A line that a crash has cut off is no fault: the seal of the next line covers it.
                    faults += filter(None, (unreadable, f"line {place} {said}"))
                unreadable = ""
                if lines and anchor.number < lines[-1].number and not anchor.restored:
                    faults.append(f"line {place} goes back from row {lines[-1].number} to {anchor.number}")
                lines.append(anchor)
            before = line
        return Anchors(tuple(lines), next(iter(faults), unreadable or None))


def _anchor(found: re.Match[str]) -> Anchor | None:
    try:
        at = datetime.strptime(found["at"], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Anchor(at, int(found["number"]), bytes.fromhex(found["hash"]), found["restored"] is not None)


def _seal(key: bytes, before: str, said: str) -> str:
    return hmac.digest(key, f"anchor\n{before}\n{said}".encode(), "sha256")[:16].hex()

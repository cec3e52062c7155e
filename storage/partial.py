"""Files that are written beside another one, which they replace, or become, once they are whole."""

from __future__ import annotations

import glob
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: A partial file without writes for this long, in seconds, has been abandoned.
_SURELY_LEFT = 3600.0


@contextmanager
def partial_file(path: Path, what: str) -> Iterator[Path]:
    """Yield where to write a new file next to `path`; delete it at the end, with SQLite's files beside it.

    Partial files that a killed process has left are deleted once they are an hour old.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.{what}")
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.{what}*"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - _SURELY_LEFT:
                left.unlink()
    try:
        yield part
    finally:
        for end in ("", "-wal", "-shm"):
            part.with_name(f"{part.name}{end}").unlink(missing_ok=True)

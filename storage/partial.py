"""Files that are written beside another one, which they replace, or become, once they are whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def partial_file(path: Path, what: str) -> Iterator[Path]:
    """Yield a new file next to `path`, readable only by its owner.

    It is deleted at the end, with SQLite's files beside it, and so is first what a killed process has left.
    """
    part = path.with_name(f".{path.name}.{what}")
    _delete(part)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
    finally:
        _delete(part)


def _delete(part: Path) -> None:
    for end in ("", "-wal", "-shm"):
        part.with_name(f"{part.name}{end}").unlink(missing_ok=True)

"""Files that are written beside another one, which they replace, or become, once they are whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def partial_file(path: Path, what: str) -> Iterator[Path]:
    """Yield where to write a new file next to `path`; delete it at the end, with SQLite's files beside it.

    What a killed process has left there is deleted first.
    """
    part = path.with_name(f".{path.name}.{what}")
    _delete(part)
    try:
        yield part
    finally:
        _delete(part)


def _delete(part: Path) -> None:
    for end in ("", "-wal", "-shm"):
        part.with_name(f"{part.name}{end}").unlink(missing_ok=True)

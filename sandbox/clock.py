"""A clock that can be moved forward, so that a reminder due tomorrow can be seen now."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path


class MovableClock:
    """Real time plus an offset.

    With a path the offset is kept in that file, and every process that reads the same file follows it.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._path = Path(path) if path is not None else None
        self._offset = timedelta(0)
        self._held: datetime | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of real time (negative: behind)."""
        if self._held is not None:
            return self._held - datetime.now(UTC)
        if self._path is None:
            return self._offset
        try:
            return timedelta(seconds=float(self._path.read_text("ascii")))
        except FileNotFoundError:
            return timedelta(0)

    def now(self) -> datetime:
        """The moved time, as an aware UTC datetime."""
        if self._held is not None:
            return self._held
        return datetime.now(UTC) + self.offset

    def move(self, by: timedelta) -> None:
        """Move the clock by this much; a negative amount moves it back."""
        self._set(self.offset + by)

    def move_to(self, when: datetime) -> None:
        """Move the clock so that it is now `when` (aware)."""
        self._set(when - datetime.now(UTC))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let no time pass in this process inside the block; other processes follow when it ends."""
        at = self._held = self.now()
        try:
            yield
        finally:
            self._held = None
            self.move_to(at)

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every move made through this object."""
        self._listeners.append(listener)

    def _set(self, offset: timedelta) -> None:
        if self._path is None:
            self._offset = offset
        else:
            # Replaced atomically: a reader in another process never sees half a number.
            fresh = self._path.with_name(self._path.name + ".new")
            fresh.write_text(repr(offset.total_seconds()), "ascii")
            fresh.replace(self._path)
        for listener in list(self._listeners):
            listener()

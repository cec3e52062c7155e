"""A mailbox: messages with their numbers and flags, and those who wait for something new."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Stored:
    """A message as it lies in a mailbox."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class Mailbox:
    """One person's inbox."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.messages: list[Stored] = []
        self.next_uid = 1
        self._changed = asyncio.Event()

    def put(self, raw: bytes) -> Stored:
        """A message arrives."""
        stored = Stored(self.next_uid, raw)
        self.next_uid += 1
        self.messages.append(stored)
        self._wake()
        return stored

    def expunge(self) -> list[int]:
        """Remove what is marked as deleted; the places (from 1) that they had, as IMAP tells them."""
        gone = []
        place = 1
        for stored in list(self.messages):
            if "\\Deleted" in stored.flags:
                self.messages.remove(stored)
                gone.append(place)
            else:
                place += 1
        self._wake()
        return gone

    @property
    def unseen(self) -> list[Stored]:
        """The messages that nobody has looked at."""
        return [m for m in self.messages if "\\Seen" not in m.flags]

    def changed(self) -> Coroutine[None, None, Any]:
        """To be awaited: something arrives or goes, counted from the call on and not from the waiting."""
        return self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

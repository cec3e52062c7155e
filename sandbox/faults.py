"""Faults that can be switched on per method, for a number of calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.model import Json

Kind = Literal[
    "ratelimited",
    "5xx_before",
    "5xx_after",
    "reset_before",
    "reset_after",
    "hang_before",
    "hang_after",
    "slow",
    "delayed",
    "late",
    "error",
]
"""`ratelimited`: 429 with Retry-After. `5xx_*`, `reset_*`, `hang_*`: a plain-text server error, a dropped
connection or no answer at all, before or after the call takes effect. `slow`: the call takes effect at once
and is answered after `seconds`. `delayed`: the call takes effect after `seconds`, as if the
caller had frozen, and is then answered. `late`: the connection is dropped at once;
the call takes effect after `seconds`, or at `release()`. `error`: `ok: false` with this `code`."""


@dataclass
class Fault:
    """One fault: which calls it hits, how often, and how."""

    kind: Kind
    method: str = "*"
    """A Web API method, or `*` for all."""
    times: int = 1
    """How many calls it hits; -1 for all until it is removed."""
    skip: int = 0
    """How many matching calls it lets through first."""
    where: Callable[[Json], bool] | None = None
    """If given, only calls whose arguments satisfy it are hit."""
    status: int = 500
    """The HTTP status of `5xx_*`."""
    retry_after: int = 1
    """Seconds in the Retry-After header of `ratelimited`."""
    seconds: float | None = None
    """The delay of `slow`, `delayed`, `late` and `hang_*`; None waits until `release()`."""
    code: str = "internal_error"
    """The error code of `error`."""
    hits: int = 0
    """How many calls it has hit."""


class Faults:
    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._active: list[Fault] = []
        self._released = asyncio.Event()

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on, and return it, so that its `hits` can be read."""
        self._active.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        self._active.remove(fault)

    def clear(self) -> None:
        """Switch every fault off and release the calls that they hold."""
        self._active.clear()
        self.release()

    def release(self) -> None:
        """Release every call that is held."""
        self._released.set()
        self._released = asyncio.Event()

    def hit(self, method: str, arguments: Json) -> Fault | None:
        """Return the fault that this call meets, if any, and count the hit."""
        for fault in self._active:
            if fault.method not in ("*", method) or (fault.where and not fault.where(arguments)):
                continue
            if fault.times == 0:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.hits += 1
            if fault.times > 0:
                fault.times -= 1
            self._notify()
            return fault
        return None

    async def hold(self, fault: Fault) -> None:
        """Wait for the fault's seconds, or until `release()`."""
        released = self._released
        try:
            async with asyncio.timeout(fault.seconds):
                await released.wait()
        except TimeoutError:
            return

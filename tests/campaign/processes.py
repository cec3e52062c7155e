"""Bots that are started, killed and frozen, and the times when none of them could do anything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.killable_bot import is_alive
from tests.forks import Forker


class Hindrances:
    """When nothing could be delivered: no running process, no Slack, or no database."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._since = 0.0
        self._spans: list[tuple[float, float]] = []

    def begin(self, what: str) -> None:
        if not self._open.total():
            self._since = time.time()
        self._open[what] += 1

    def end(self, what: str) -> None:
        self._open[what] -= 1
        if not self._open.total():
            self._spans.append((self._since, time.time()))

    @contextlib.contextmanager
    def during(self, what: str) -> Iterator[None]:
        self.begin(what)
        try:
            yield
        finally:
            self.end(what)

    @property
    def now(self) -> bool:
        """Return whether anything hinders now."""
        return self._open.total() > 0

    def within(self, since: float, until: float) -> float:
        """Return for how many of these seconds anything hindered."""
        return sum(max(min(end, until) - max(begin, since), 0.0) for begin, end in self._spans)


class Bots:
    """A number of bots on one database, as systemd would keep them."""

    def __init__(self, arguments: list[str], many: int, hindrances: Hindrances, log: Path) -> None:
        self._arguments = arguments
        self._hindrances = hindrances
        # By a pipe: a bot whose disk is full can still log.
        self._log = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log.open("w"))
        self._maker = Forker("tests.campaign.bot", stderr=self._log.stdin)
        self.pids: list[int | None] = [None] * many
        self.frozen: set[int] = set()
        self.did: Counter[str] = Counter()
        self._can_run = True
        self._look()

    def _look(self) -> None:
        """Note whether any bot can run."""
        runs = any(pid is not None and place not in self.frozen for place, pid in enumerate(self.pids))
        if runs is not self._can_run:
            (self._hindrances.end if runs else self._hindrances.begin)("no process")
            self._can_run = runs

    def alive(self, place: int) -> bool:
        """Return whether the bot in this place lives; count one that has ended without being told."""
        pid = self.pids[place]
        if pid is None:
            return False
        if not is_alive(pid):
            self.did["ended by itself"] += 1
            self.pids[place] = None
            self._look()
            return False
        return True

    async def start(self, place: int) -> None:
        """Start a bot, as `systemd` does; at once, since it waits for the fork."""
        if not self.alive(place):
            self.pids[place] = await asyncio.to_thread(self._maker.fork, *self._arguments)
            self.did["starts"] += 1
            self._look()

    async def start_all(self) -> None:
        for place in range(len(self.pids)):
            await self.start(place)

    async def end(self, place: int, by: signal.Signals, within: float = 30.0) -> None:
        """Send a signal that ends it, and wait until it has ended."""
        if not self.alive(place):
            return
        pid = self.pids[place]
        assert pid is not None
        os.kill(pid, by)
        self.did["kills" if by is signal.SIGKILL else "terminated"] += 1
        until = time.monotonic() + within
        while is_alive(pid) and time.monotonic() < until:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
        if is_alive(pid):
            self.did["not terminated in time"] += 1
            os.kill(pid, signal.SIGKILL)
        self.pids[place] = None
        self.frozen.discard(place)
        self._look()

    def freeze(self, place: int) -> bool:
        if not self.alive(place):
            return False
        os.kill(self.pids[place] or 0, signal.SIGSTOP)
        self.did["freezes"] += 1
        self.frozen.add(place)
        self._look()
        return True

    def thaw(self, place: int) -> None:
        if self.alive(place):
            os.kill(self.pids[place] or 0, signal.SIGCONT)
        self.frozen.discard(place)
        self._look()

    def close(self) -> None:
        """End everything started here, and nothing else."""
        for pid in filter(None, self.pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._maker.end()
        self._log.communicate()

"""Troubles of the bots: each is drawn from a seed, and counted by name."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from sandbox.clock import MovableClock
from sandbox.faults import Fault, Kind
from sandbox.server import Sandbox
from tests.campaign.databases import Place
from tests.campaign.processes import Bots, Hindrances

#: A bot's mean life, in seconds; the share whose life counts from when it is connected (most others never
#: are), and the longest wait for that on a busy machine, in seconds.
LIFE, CONNECTED, CONNECTED_WITHIN = 1.0, 0.6, 6.0
#: Seconds between Slack faults, and between troubles of the database, the clock and the sockets.
FAULT_EVERY, TROUBLE_EVERY, CLOCK_EVERY, DEAF_EVERY = 0.7, 25.0, 45.0, 15.0
#: Seconds, occasionally, where another process stands by: after 20 the server ends its session.
FROZEN_LONG = 24.0
#: A dropped call takes effect within this many seconds: the bot's margin is 20.
LATE = 8.0
KINDS: tuple[Kind, ...] = (
    *("ratelimited", "5xx_before", "5xx_after", "reset_before", "reset_after"),
    *("hang_before", "hang_after", "slow", "late"),
)
#: Since when, until when and by how many seconds the machine's clock was wrong.
WrongClock = tuple[float, float, float]
METHODS = (
    *("chat.postMessage",) * 8,
    *("chat.update", "chat.delete", "conversations.create", "conversations.invite", "conversations.history"),
    *("conversations.open", "conversations.members", "files.getUploadURLExternal", "upload", "views.publish"),
    *("files.completeUploadExternal", "views.open", "auth.test", "apps.connections.open"),
)


def seeded(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311


@dataclass(kw_only=True)
class Chaos:
    """All that goes wrong in one round; what it does is added to the given collections."""

    seed: str
    sandbox: Sandbox
    bots: Bots
    place: Place
    clock: MovableClock
    hindrances: Hindrances
    wrong: Path
    """The offset of the bots' machine clock (`tests.e2e.bot_process`)."""
    did: Counter[str]
    #: When the machine's clock was ahead: from, until.
    wrong_clocks: list[WrongClock]
    #: Connections of a restarting server cannot be cut.
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _faults: list[Fault] = field(default_factory=list)
    _until: float = 0.0

    async def rage(self, seconds: float, *, outage: float = 0.0) -> None:
        """Let everything go wrong for this many seconds, with an outage of Slack, then of the database."""
        self._until = time.monotonic() + seconds
        works: list[Callable[[random.Random], Awaitable[None]]] = [
            *(self._slack_fails, self._database_fails, self._clock_steps, self._clock_wrong),
            self._sockets_fail,
            *(partial(self._lives, place) for place in range(len(self.bots.pids))),
        ]
        async with asyncio.TaskGroup() as group:
            for number, work in enumerate(works):
                group.create_task(self._each(work, seeded(f"{self.seed}-{number}")))
            if outage:
                group.create_task(self._outage(outage, seeded(f"{self.seed}-outage")))
        self.sandbox.faults.clear()
        self.sandbox.sockets.handshakes.clear()
        for fault in self._faults:
            self.did[fault.kind] += fault.hits
        self._faults.clear()
        await self.bots.start_all()

    async def _each(self, work: Callable[[random.Random], Awaitable[None]], chance: random.Random) -> None:
        while time.monotonic() < self._until:
            await work(chance)

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(min(seconds, self._until - time.monotonic()), 0))

    # --- processes

    async def _lives(self, place: int, chance: random.Random) -> None:
        await self.bots.start(place)
        if chance.random() < CONNECTED:
            within = max(min(CONNECTED_WITHIN, self._until - time.monotonic()), 0)
            changes = self.sandbox.workspace.changes
            await changes.until(lambda: self.sandbox.sockets.count > 0, within)
        # One in five lives long enough for people to be heard, and to reconnect.
        await self._sleep(chance.expovariate(1 / LIFE) if chance.random() < 0.8 else chance.uniform(5, 22))
        end = chance.random()
        if end < 0.05 and self.bots.freeze(place):
            await asyncio.sleep(chance.uniform(0.5, 2))
            if chance.random() < 0.6 and len(self.bots.pids) > 1:
                await asyncio.sleep(FROZEN_LONG)
                self.did["frozen until another took over"] += 1
            self.bots.thaw(place)
            await self._sleep(chance.uniform(0.5, 3))
        await self.bots.end(place, signal.SIGTERM if 0.05 <= end < 0.09 else signal.SIGKILL)
        if chance.random() < 0.1:
            await self._sleep(chance.uniform(0.1, 2))

    # --- Slack

    async def _slack_fails(self, chance: random.Random) -> None:
        kind, method = chance.choice(KINDS), chance.choice(METHODS)
        seconds = chance.uniform(0.2, 14 if kind.startswith("hang") else LATE)
        fault = Fault(kind, method, times=chance.randint(1, 2), skip=chance.randint(0, 2), seconds=seconds)
        fault.status = chance.choice((500, 502, 503))
        self._faults.append(self.sandbox.faults.add(fault))
        await self._sleep(chance.expovariate(1 / FAULT_EVERY))
        if len(self._faults) > 20 and not self._faults[-20].hits:
            self._faults[-20].times = 0

    async def _sockets_fail(self, chance: random.Random) -> None:
        """Keep them open but deliver nothing, stall them, or fail the next handshakes."""
        await self._sleep(chance.expovariate(1 / DEAF_EVERY))
        sockets, how = self.sandbox.sockets, chance.choice(("deaf", "stalled", "reset", "hang"))
        if how == "deaf":
            sockets.deafen()
        elif how == "stalled":
            sockets.stall()
        else:
            sockets.handshakes.append("reset" if how == "reset" else "hang")
            sockets.drop()
        self.did[f"socket {how}"] += 1

    async def _outage(self, seconds: float, chance: random.Random) -> None:
        await asyncio.sleep(10)
        kind: Kind = chance.choice(("5xx_before", "reset_before", "hang_before"))
        fault = self.sandbox.faults.add(Fault(kind, times=-1, seconds=15.0))
        with self.hindrances.during("outage of Slack"):
            await self._sleep(seconds)
            self.sandbox.faults.remove(fault)
        self.did["outages of Slack"] += 1
        await self._database(chance)

    # --- the database and the clock

    async def _database_fails(self, chance: random.Random) -> None:
        await self._sleep(chance.expovariate(1 / TROUBLE_EVERY))
        await self._database(chance)

    async def _database(self, chance: random.Random) -> None:
        name = chance.choice(self.place.troubles)
        async with self._one_at_a_time:
            await self.place.trouble(name, self.bots, chance)
        self.did[f"database {name}"] += 1

    async def _clock_steps(self, chance: random.Random) -> None:
        await self._sleep(chance.expovariate(1 / CLOCK_EVERY))
        by = timedelta(hours=1) if chance.random() < 0.5 else timedelta(seconds=chance.uniform(2, 90))
        self._step(-by, "clock put back")
        await asyncio.sleep(chance.uniform(2, 8))
        self._step(by, "clock put forward")

    async def _clock_wrong(self, chance: random.Random) -> None:
        """The machine's clock goes wrong, but not Slack's or the database server's, and is corrected."""
        await self._sleep(chance.expovariate(1 / CLOCK_EVERY))
        if time.monotonic() >= self._until:
            return
        by = chance.choice((-1, 1)) * chance.choice((3600.0, chance.uniform(40, 300)))
        since = time.time()
        self.wrong.write_text(str(by), "ascii")
        await self._sleep(chance.uniform(2, 12))
        self.wrong.unlink()
        self.wrong_clocks.append((since, time.time(), by))
        self.did["clock of the machine wrong"] += 1

    def _step(self, by: timedelta, name: str) -> None:
        self.clock.move(by)
        self.did[name] += 1

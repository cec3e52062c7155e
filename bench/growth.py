"""5. Command latency with few and with many cases stored."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.commands import general, round_trip
from bench.copies import copy_case
from bench.figures import Aim, Part, ms, times
from bench.opening import open_case
from bench.places import MANIFEST, come_to_rest, partners_known, sqlite
from bench.processes import PATIENCE, TOT_RUN, running
from bench.sizes import Sizes
from sandbox import Sandbox

SLOWER = Aim("≤", 1.2, "×")


async def measure(sizes: Sizes) -> Part:
    """Two bots on SQLite, each in its own process, asked in turn."""
    async with _town(sizes.few) as few, _town(sizes.many) as many:
        questions = {"/tot in a room": ("", _room), "/tot hjelp": ("hjelp", general)}
        took: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in questions}
        for _ in range(sizes.looks):
            for name, (text, place) in questions.items():
                for sandbox, seconds in zip((few, many), took[name], strict=True):
                    seconds.append(await round_trip(sandbox, text, place(sandbox), "koordinator"))
    return Part(
        f"5. A command with {sizes.many:,} cases stored, against {sizes.few}, on SQLite",
        [
            times(
                statistics.median(with_many) / statistics.median(with_few),
                SLOWER,
                name,
                f"p50 {ms(statistics.median(with_many))} · {ms(statistics.median(with_few))}",
            )
            for name, (with_few, with_many) in took.items()
        ],
    )


@asynccontextmanager
async def _town(cases: int) -> AsyncIterator[Sandbox]:
    """A workspace with a bot, one open case, and so many in all."""
    with sqlite() as url:
        async with (
            partners_known(url),
            Sandbox(MANIFEST) as sandbox,
            running(sandbox, TOT_RUN, DATABASE_URL=url),
        ):
            await open_case(sandbox)
            if await sandbox.workspace.changes.until(lambda: _has_card(sandbox), PATIENCE) is None:
                raise RuntimeError("the case got no room with a card")
            await asyncio.sleep(1)  # for the direct messages, which come last
            await asyncio.to_thread(copy_case, url, cases - 1)
            await asyncio.to_thread(come_to_rest, url)
            yield sandbox


def _has_card(sandbox: Sandbox) -> bool:
    rooms = (c for c in sandbox.workspace.channels.values() if c.kind == "private")
    return any(message.by_bot and message.blocks for room in rooms for message in room.messages.values())


def _room(sandbox: Sandbox) -> str:
    return next(c.id for c in sandbox.workspace.channels.values() if c.kind == "private")

"""An idle bot: its memory and its processor time."""

from __future__ import annotations

import asyncio

from bench.apps import BARE, MANIFEST, TOT_RUN, database_with_partners, running, sqlite
from bench.figures import Aim, Finding, Part, Sizes, times
from sandbox import Sandbox

MB = 1024 * 1024
RESTING = Aim("≤", 2, "×")
#: Percent of one core.
BUSY = Aim("≤", 1, " %")


async def idle(sizes: Sizes) -> Part:
    """Measure the idle bot and the bare app at once, each in its own workspace without activity."""
    with sqlite() as url:
        async with (
            database_with_partners(url),
            Sandbox(MANIFEST) as of_bot,
            Sandbox(MANIFEST) as of_bare,
            running(of_bot, TOT_RUN, DATABASE_URL=url) as ours,
            running(of_bare, BARE) as bare,
        ):
            await asyncio.sleep(sizes.settle)
            before = ours.cpu_seconds(), bare.cpu_seconds()
            await asyncio.sleep(sizes.idle)
            used, least = (
                (app.cpu_seconds() - then) / sizes.idle * 100
                for app, then in zip((ours, bare), before, strict=True)
            )
            memory, smallest = ours.memory(), bare.memory()
    return Part(
        f"7. Idle for {sizes.idle:.0f} s, {sizes.settle:.0f} s after the start",
        [
            times(
                memory / smallest,
                RESTING,
                "resident memory",
                f"{memory / MB:.0f} MB · bare {smallest / MB:.0f} MB",
            ),
            Finding("processor time, of one core", f"bare {least:.2f} %", used, " %", BUSY),
        ],
    )

"""`python -m bench [PART …]`: measure the named parts, or all, and print a table."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from rich.console import Console

from bench import commands, idle, outbox, send
from bench.figures import FULL, TINY, Part, Sizes, table
from bot.logs import set_up

#: Seconds after which a part is given up; seconds for the whole run.
LIMIT, LIMIT_OF_ALL = 120.0, 540.0
PARTS: Mapping[str, Callable[[Sizes], Awaitable[Part]]] = {
    "round-trips": commands.round_trips,
    "reminders": outbox.reminders,
    "calls": send.calls,
    "send": send.latency,
    "starting": commands.starting,
    "growth": commands.growth,
    "idle": idle.idle,
}


async def measure(names: list[str], sizes: Sizes) -> list[Part]:
    """Measure the parts of these names, one after the other."""
    console = Console(stderr=True)
    parts = []
    ends = time.monotonic() + LIMIT_OF_ALL
    for name in names:
        with console.status(f"bench: {name} …"):
            parts.append(await _within(min(LIMIT, ends - time.monotonic()), name, sizes))
    return parts


async def _within(seconds: float, name: str, sizes: Sizes) -> Part:
    try:
        async with asyncio.timeout(seconds):
            return await PARTS[name](sizes)
    except TimeoutError:
        return Part(f"{name}: not measured in {max(seconds, 0):.0f} s; the machine is busy", ())


def main() -> None:
    """Measure and print. A missed aim is reported, but is no failure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help=", ".join(PARTS))
    parser.add_argument("--tiny", action="store_true", help="just enough to see that it runs")
    parser.add_argument("--slack", type=float, default=0, metavar="MS", help="added to each call, in `send`")
    asked = parser.parse_args()
    sizes = replace(TINY if asked.tiny else FULL, slack=asked.slack / 1000)
    set_up(json=False, level="ERROR")
    began, load = time.monotonic(), os.getloadavg()[0]
    parts = asyncio.run(measure(asked.part or list(PARTS), sizes))
    print(
        f"tot-bot bench · Python {platform.python_version()} · {os.cpu_count()} cores, "
        f"load {load:.1f} before and {os.getloadavg()[0]:.1f} after · {time.monotonic() - began:.0f} s"
    )
    print(table(parts))
    sys.stdout.flush()


if __name__ == "__main__":
    main()

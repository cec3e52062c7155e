"""Messages to systemd: that the bot is up, lives, and stops (sd_notify(3)). Elsewhere nobody is told."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable


def notify(*lines: str) -> None:
    """Send lines such as `READY=1` to the socket that systemd has named."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there, contextlib.suppress(OSError):
        # Whoever does not read, or is gone, must not hold the loop up.
        there.setblocking(False)
        # An abstract socket is written with @ in the environment.
        there.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        there.sendall("\n".join(lines).encode())


def watchdog_seconds() -> float | None:
    """Return how often systemd wants to be told that the process lives, None if not at all."""
    microseconds = os.environ.get("WATCHDOG_USEC")
    if not microseconds or os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(microseconds) / 1_000_000


async def feed_watchdog(works: Callable[[float], bool]) -> None:
    """Tell that the bot works, twice as often as is asked for, as long as it has within so many seconds.

    Slack's faults are no reason to be killed, nor is a quiet weekend.
    """
    every = watchdog_seconds()
    while every is not None:
        if works(every):
            notify("WATCHDOG=1")
        await asyncio.sleep(every / 2)

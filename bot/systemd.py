"""Messages to systemd that the bot is ready, alive or stopping (sd_notify(3)). Elsewhere they go nowhere."""

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
        # A receiver that does not read, or is gone, must not block the event loop.
        there.setblocking(False)
        # A leading @ in the environment stands for an abstract socket.
        there.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        there.sendall("\n".join(lines).encode())


def watchdog_seconds() -> float | None:
    """Return the interval in which systemd expects a sign of life, None if it expects none."""
    microseconds = os.environ.get("WATCHDOG_USEC")
    if not microseconds or os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(microseconds) / 1_000_000


async def feed_watchdog(works: Callable[[float], bool]) -> None:
    """Feed the watchdog twice in each interval, as long as the bot has worked within the interval.

    Neither Slack's faults nor a quiet weekend are a reason to be killed.
    """
    every = watchdog_seconds()
    while every is not None:
        if works(every):
            notify("WATCHDOG=1")
        await asyncio.sleep(every / 2)

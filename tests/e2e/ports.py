"""Ask a process about its state at its port."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.e2e.kit import IN_TIME


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def read_at(port: int, path: str) -> tuple[int, str]:
    """Return the answer, or status 0 when nobody answers."""
    try:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, await answer.text()
    except aiohttp.ClientError:
        return 0, "{}"


async def health_at(port: int, path: str = "/healthz") -> tuple[int, dict[str, Any]]:
    status, told = await read_at(port, path)
    return status, json.loads(told)


async def becomes(probe: Callable[[], Awaitable[bool]]) -> bool:
    """Return whether the probe succeeds in time: no event reports a missing socket."""
    end = time.monotonic() + IN_TIME
    while time.monotonic() < end:
        if await probe():
            return True
        await asyncio.sleep(0.05)
    return False

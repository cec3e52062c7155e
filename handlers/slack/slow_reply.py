"""A commit that takes long does not leave anybody without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
#: Seconds of real time; Slack gives up on an answer after three.
LIMIT = 2.0


async def with_slow_reply(
    work: Awaitable[T], still_working: Callable[[], Awaitable[None]], limit: float | None = None
) -> T:
    """Return the result of `work`; after `limit` seconds (by default LIMIT), call `still_working` meanwhile.

    The work is never cut off: it is a transaction, and its outcome is awaited.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=LIMIT if limit is None else limit)
    if not done:
        await still_working()
    return await task

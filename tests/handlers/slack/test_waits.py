"""A shutdown waits for the handlers that run, for so long at most."""

from __future__ import annotations

import asyncio

from handlers.slack.inflight import InFlight


async def test_what_begins_as_the_last_one_ends_is_waited_for_too() -> None:
    inflight = InFlight()
    first, second = inflight.one(), inflight.one()
    first.__enter__()
    over = asyncio.create_task(inflight.over())
    await asyncio.sleep(0)
    first.__exit__(None, None, None)
    with second:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not over.done()
    await asyncio.wait_for(over, 60.0)

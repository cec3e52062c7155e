"""The guard in rooms: a message of Slack's maximum length keeps nobody else waiting."""

import asyncio
import time
from datetime import date

import pytest

from handlers.room.events import kinds_in

TODAY, LONGEST = date(2026, 11, 24), 40_000


@pytest.mark.parametrize("piece", ["1", "1 ", "a", "a@b.no ", "O0 ", "1. mai 1990 ", "<@", "&"])
async def test_others_have_their_turn_while_a_long_message_is_looked_through(piece: str) -> None:
    """The longest wait of anybody is at most a fifth of the whole time, in the best of five runs."""
    for _ in range(5):
        waits = await _waits((piece * LONGEST)[:LONGEST])
        assert len(waits) > 20
        if max(waits) < min(1.0, sum(waits) / 5):
            return
    raise AssertionError(f"somebody waits {max(waits):.3f} of {sum(waits):.3f} s")


async def _waits(text: str) -> list[float]:
    """Return how long each turn of the others takes while this is checked, in seconds of processor time."""
    waits: list[float] = []

    async def others() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0)
            waits.append(time.thread_time() - began)

    waiting = asyncio.create_task(others())
    await asyncio.sleep(0)
    await kinds_in([text], TODAY)
    waiting.cancel()
    return waits


async def test_a_reference_that_is_none_is_read_like_any_text() -> None:
    """`html.unescape` raises an error for so many digits."""
    assert await kinds_in(["&#" + "1" * 5_000], TODAY) == await kinds_in(["1" * 5_000], TODAY)

"""The guard in rooms: a message of Slack's maximum length keeps nobody else waiting."""

import asyncio
from datetime import date

from handlers.room.events import kinds_in

TODAY = date(2026, 11, 24)


async def test_others_have_their_turn_while_a_long_message_is_looked_through() -> None:
    """Between its portions. tests/bot/domain/test_validators.py measures how long they take."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    await kinds_in(["1" * 40_000], TODAY)
    waiting.cancel()
    assert turns > 20


async def test_a_reference_that_is_none_is_read_like_any_text() -> None:
    """`html.unescape` raises an error for so many digits."""
    assert await kinds_in(["&#" + "1" * 5_000], TODAY) == await kinds_in(["1" * 5_000], TODAY)

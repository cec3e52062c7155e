"""Slow answers: nobody is left without one, nor takes the place of all others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.domain.errors import Refused

T = TypeVar("T")
#: Seconds of real time; Slack gives up on an answer after three.
LIMIT = 2.0


class StillBusy(Refused):
    """The person waits for a slow answer already."""

    code = "refused.still-busy"


class SlowAnswers:
    """Slow answers in hand, one for each person: who asks twenty times is not twenty people."""

    def __init__(self) -> None:
        self._people: set[str] = set()

    @contextmanager
    def one(self, slack_id: str) -> Iterator[None]:
        """Have one in hand for this person until the block is left.

        Raises:
            StillBusy: there is one.
        """
        if slack_id in self._people:
            raise StillBusy
        self._people.add(slack_id)
        try:
            yield
        finally:
            self._people.discard(slack_id)


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

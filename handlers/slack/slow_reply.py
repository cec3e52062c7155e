"""Tell people when a request takes longer than Slack's three seconds, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import structlog

from bot.domain.errors import AlreadyHandled, Refusal, Refused
from bot.usecases.delivery import report_wait_over
from bot.usecases.ports import Database, Noted, Waiting, WaitingNotes

T = TypeVar("T")
#: How long a note may take, in seconds: so much is left until then.
NOTED_WITHIN = 0.5
#: How often it is looked whether somebody was left waiting, in seconds.
LOOK_EVERY = 2.0

log = structlog.get_logger(__name__)


class SlowAnswers:
    """Slow answers in hand, one for each person: who asks twenty times is not twenty people."""

    def __init__(self) -> None:
        self._people: set[str] = set()

    @contextmanager
    def one(self, slack_id: str) -> Iterator[None]:
        """Have one in hand for this person until the block is left."""
        if slack_id in self._people:
            raise Refused(Refusal.STILL_BUSY)
        self._people.add(slack_id)
        try:
            yield
        finally:
            self._people.discard(slack_id)


class Waits:
    """Those who were told to wait: each is told the end, where it was said or else in a message.

    `in_form` says, in a form that still stands open, that there is a message; a form that is closed is no
    reason to say nothing.
    """

    def __init__(
        self, notes: WaitingNotes, database: Database, in_form: Callable[[Waiting], Awaitable[None]]
    ) -> None:
        self._notes = notes
        self._database = database
        self._in_form = in_form

    async def note(self, waiting: Waiting) -> Noted | None:
        """Note that somebody waits; None if that cannot be done in time."""
        writing = asyncio.ensure_future(asyncio.to_thread(self._notes.note, waiting))
        done, _ = await asyncio.wait({writing}, timeout=NOTED_WITHIN)
        if done and writing.exception() is None:
            return writing.result()
        log.error("waiting.unnoted", error=type(writing.exception()).__name__ if done else "TimeoutError")
        # Written later, it is left to whoever looks: what was done in the meantime is told once more.
        writing.add_done_callback(_let_go)
        return None

    async def run(self) -> None:
        """Tell those whom a dead process, or one that could not, has left waiting."""
        while True:
            # One at a time: those not yet taken are nobody's if this one cannot be told.
            notes = self._notes.abandoned()
            while (noted := await asyncio.to_thread(next, notes, None)) is not None:
                await self.end(noted)
            await asyncio.sleep(LOOK_EVERY)

    async def end(self, noted: Noted, why: Sequence[str] = ()) -> None:
        """Tell somebody, and remove their note; it is left to the next look if that fails."""
        try:
            await self.tell(noted.waiting, why)
        except BaseException:
            noted.release()
            raise
        await asyncio.to_thread(noted.settle)

    async def tell(self, waiting: Waiting, why: Sequence[str] = (), *, acute: bool = False) -> None:
        """Leave a message of how it has ended, and `why` it was refused, by the names of texts.

        What has not been carried out by now never is. `acute`: with the button that opens the acute form.
        """
        told = partial(report_wait_over, waiting=waiting, acute=acute)
        try:
            await self._database.once(waiting.receipt, partial(told, stored=False, why=why))
        except AlreadyHandled:
            await self._database.write(partial(told, stored=True))
        if waiting.view_id is not None:
            await self._in_form(waiting)


def _let_go(writing: asyncio.Future[Noted]) -> None:
    if not writing.cancelled() and writing.exception() is None:
        writing.result().release()


async def with_slow_reply(
    work: Awaitable[T], still_working: Callable[[], Awaitable[None]], limit: float
) -> T:
    """Return the result of `work`; after `limit` seconds of real time call `still_working` meanwhile.

    The work is never cut off: it is a transaction, and its outcome is awaited.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=limit)
    if not done:
        try:
            await still_working()
        except Exception as error:
            # What has been begun is not cut off for that, and its outcome is told where this could not be.
            log.warning("waiting.unsaid", error=type(error).__name__)
    return await task

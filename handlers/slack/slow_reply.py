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
#: Seconds that writing a note may take, of what is left of Slack's three.
NOTED_WITHIN = 0.5
#: Seconds between checks for people who were left waiting.
LOOK_EVERY = 2.0

log = structlog.get_logger(__name__)


class SlowAnswers:
    """Slow answers in progress, one for each person, however many requests that person sends."""

    def __init__(self) -> None:
        self._people: set[str] = set()

    @contextmanager
    def one(self, slack_id: str) -> Iterator[None]:
        """Hold this person's only slot until the block ends; raise Refused if it is taken."""
        if slack_id in self._people:
            raise Refused(Refusal.STILL_BUSY)
        self._people.add(slack_id)
        try:
            yield
        finally:
            self._people.discard(slack_id)


class Waits:
    """People who were told to wait: each is told the outcome, where they were told to wait or by a message.

    `in_form` says in a form that is still open that there is a message; the message comes even if the form is
    closed.
    """

    def __init__(
        self, notes: WaitingNotes, database: Database, in_form: Callable[[Waiting], Awaitable[None]]
    ) -> None:
        self._notes = notes
        self._database = database
        self._in_form = in_form

    async def note(self, waiting: Waiting) -> Noted | None:
        """Note that somebody waits; return None if the note cannot be written in time."""
        writing = asyncio.ensure_future(asyncio.to_thread(self._notes.note, waiting))
        done, _ = await asyncio.wait({writing}, timeout=NOTED_WITHIN)
        if done and writing.exception() is None:
            return writing.result()
        log.error("waiting.unnoted", error=type(writing.exception()).__name__ if done else "TimeoutError")
        # A note that is written later is left to the next check: the outcome is then told a second time.
        writing.add_done_callback(_let_go)
        return None

    async def run(self) -> None:
        """Tell the people whom a process left waiting because it died or could not tell them."""
        while True:
            # One at a time: if this one cannot be told, the remaining notes are not held.
            notes = self._notes.abandoned()
            while (noted := await asyncio.to_thread(next, notes, None)) is not None:
                await self.end(noted)
            await asyncio.sleep(LOOK_EVERY)

    async def end(self, noted: Noted, why: Sequence[str] = ()) -> None:
        """Tell somebody and remove their note; if that fails, the note is left to the next check."""
        try:
            await self.tell(noted.waiting, why)
        except BaseException:
            noted.release()
            raise
        await asyncio.to_thread(noted.settle)

    async def tell(self, waiting: Waiting, why: Sequence[str] = (), *, acute: bool = False) -> None:
        """Enqueue a message about the outcome; `why` is the keys of the refusal's texts.

        A request that has not been carried out by now never is. `acute` adds the button of the acute form.
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
    """Return the result of `work`; if it takes over `limit` seconds of real time, call `still_working`.

    The work is never cancelled: it is a transaction, and its outcome is awaited.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=limit)
    if not done:
        try:
            await still_working()
        except Exception as error:
            # The work is not cancelled for that, and its outcome is told even though this was not.
            log.warning("waiting.unsaid", error=type(error).__name__)
    return await task

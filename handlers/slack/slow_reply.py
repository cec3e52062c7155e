"""Tell people when a request takes longer than Slack's three seconds, and how it ended.

Each who was told to wait is told the outcome where they were told to wait, or by a message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog

from bot.domain.errors import AlreadyHandled
from bot.usecases.delivery import report_wait_over
from bot.usecases.ports import Waiting, WaitingNotes
from handlers.blocks.modal import notice
from handlers.slack.retry import show_if_open
from handlers.slack.services import Services

#: Seconds that writing a note may take, of what is left of Slack's three.
NOTED_WITHIN = 0.5
#: Seconds between checks for people who were left waiting.
LOOK_EVERY = 2.0

log = structlog.get_logger(__name__)


async def note(notes: WaitingNotes, waiting: Waiting) -> Waiting | None:
    """Note that somebody waits; return None if the note cannot be written in time."""
    writing = asyncio.ensure_future(asyncio.to_thread(notes.note, waiting))
    done, _ = await asyncio.wait({writing}, timeout=NOTED_WITHIN)
    if done and writing.exception() is None:
        return waiting
    log.error("waiting.unnoted", error=type(writing.exception()).__name__ if done else "TimeoutError")

    def let_go(writing: asyncio.Future[None]) -> None:
        # A note that is written later is left to the next check: the outcome is then told a second time.
        if not writing.cancelled() and writing.exception() is None:
            notes.release(waiting)

    writing.add_done_callback(let_go)
    return None


async def tell_abandoned(services: Services) -> None:
    """Tell the people whom a process left waiting because it died or could not tell them; never return."""
    while True:
        # One at a time: if this one cannot be told, the remaining notes are not held.
        notes = services.notes.abandoned()
        while (noted := await asyncio.to_thread(next, notes, None)) is not None:
            await end(services, noted)
        await asyncio.sleep(LOOK_EVERY)


async def end(services: Services, noted: Waiting, why: Sequence[str] = (), acute: bool = False) -> None:
    """Tell somebody and remove their note; if that fails, the note is left to the next check."""
    try:
        await tell(services, noted, why, acute)
    except BaseException:
        services.notes.release(noted)
        raise
    await asyncio.to_thread(services.notes.settle, noted)


async def tell(services: Services, waiting: Waiting, why: Sequence[str], acute: bool) -> None:
    """Enqueue a message about the outcome; `why` is the keys of the refusal's texts.

    A request that has not been carried out by now never is. `acute` adds the button of the acute form. A form
    in which they were told to wait says that there is a message; the message comes even if it is closed.
    """
    told = partial(report_wait_over, waiting=waiting, acute=acute)
    try:
        await services.database.once(waiting.receipt, partial(told, stored=False, why=why))
    except AlreadyHandled:
        await services.database.write(partial(told, stored=True))
    if waiting.view_id is None:
        return
    words = (await services.visitor(waiting.slack_id)).words
    view = notice(words, words("modal.told-in-message"))
    await show_if_open(services.client, waiting.view_id, view)

"""2b. Dispatch rate among many rows that are due later, against procrastinate on the same PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from procrastinate import App, PsycopgConnector

from bench.figures import Aim, Part, median_ratio, times
from bench.places import come_to_rest, fill_outbox, partners_known, postgresql
from bench.sizes import Sizes
from bot.clock import SystemClock
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Claim
from handlers.delivery.dispatcher import CONCURRENCY, Dispatcher
from storage.database import SqlDatabase

FASTER = Aim("≥", 10, "×")


class Stopwatch:
    """Notes when each of a burst was handled."""

    def __init__(self, burst: int) -> None:
        self._left = burst
        self._burst = burst
        self._first = 0.0
        self._last = 0.0
        self.all_handled = asyncio.Event()

    def handled(self) -> None:
        """One more."""
        self._last = time.perf_counter()
        if self._left == self._burst:
            self._first = self._last
        self._left -= 1
        if self._left == 0:
            self.all_handled.set()

    def rate(self) -> float:
        """Rows a second, from the first to the last, so that neither's start and end counts."""
        return (self._burst - 1) / (self._last - self._first)


async def measure(sizes: Sizes) -> Part:
    """Both in this process, one burst after the other, each with a handler that does nothing."""
    ours: list[float] = []
    theirs: list[float] = []
    with postgresql() as url:
        async with partners_known(url) as database, _procrastinate(url, sizes) as app:
            await fill_outbox(database, sizes.pending, url)
            ends = time.monotonic() + sizes.patience
            for n in range(sizes.bursts):
                if ours and time.monotonic() > ends:
                    break
                ours.append(await _ours(database, n, sizes.burst))
                theirs.append(await _theirs(app, sizes.burst))
    return Part(
        f"2b. {sizes.burst} rows due at once on PostgreSQL, {sizes.pending:,} others pending, "
        f"{CONCURRENCY} at a time, a delivery that does nothing",
        [
            times(
                median_ratio(ours, theirs),
                FASTER,
                "dispatched, against procrastinate",
                f"{statistics.median(ours):.0f}/s · procrastinate {statistics.median(theirs):.0f}/s",
            )
        ],
    )


async def _ours(database: SqlDatabase, number: int, burst: int) -> float:
    watch = Stopwatch(burst)

    async def deliver(_claim: Claim) -> None:
        watch.handled()

    async def never(*_: object) -> None:
        raise AssertionError

    notifications = [Notification(Kind.OPEN_ASKS, f"{number}-{n}") for n in range(burst)]
    await database.write(lambda uow: uow.enqueue(*notifications))
    dispatcher = Dispatcher(database.outbox, SystemClock(), deliver, never, never)
    running = asyncio.create_task(dispatcher.run())
    await watch.all_handled.wait()
    await dispatcher.idle()
    await dispatcher.stop()
    await running
    return watch.rate()


@asynccontextmanager
async def _procrastinate(url: str, sizes: Sizes) -> AsyncIterator[App]:
    """Its app on the same database, with as many jobs that are due later."""
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = App(connector=PsycopgConnector(conninfo=url))
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await asyncio.to_thread(_fill, url, sizes.pending)
        await asyncio.to_thread(come_to_rest, url)
        yield app


def _fill(url: str, jobs: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
            " SELECT 'default', 'later', now() + interval '2 days' + n * interval '1 second'"
            " FROM generate_series(1, %s) AS n",
            [jobs],
        )


async def _theirs(app: App, burst: int) -> float:
    watch = Stopwatch(burst)
    app.tasks.pop("bench", None)

    @app.task(name="bench")
    async def bench() -> None:
        watch.handled()

    await bench.batch_defer_async(*({} for _ in range(burst)))
    await app.run_worker_async(
        concurrency=CONCURRENCY, wait=False, install_signal_handlers=False, delete_jobs="never"
    )
    return watch.rate()

"""The outbox with many rows that are due later: how late reminders are, and how fast rows are dispatched."""

from __future__ import annotations

import asyncio
import logging
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import NoReturn

import psycopg
from procrastinate import App, PsycopgConnector

from bench.apps import (
    DATABASES,
    MANIFEST,
    OF_A_CASE,
    ROOT,
    TOT_RUN,
    checkpoint,
    database_with_partners,
    environment,
    fill_outbox,
    postgresql,
    running,
)
from bench.cases import confirm
from bench.commands import general
from bench.figures import Aim, Finding, Part, Sizes, median_ratio, ms, percentile, times
from bot.clock import SystemClock
from bot.domain.case.entities import Case
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Claim, UnitOfWork
from handlers.delivery.dispatcher import CONCURRENCY, Dispatcher
from sandbox.model import Message
from sandbox.server import Sandbox
from storage.crypto.keyring import case_scope
from storage.database import SqlDatabase
from storage.unit_of_work import SqlUnitOfWork

LATE = Aim("≤", 50, " ms")
#: Seconds before the first reminder is due, and after the last.
LEAD, TRAIL = 10.0, 2.0
#: How often to check, `TRAIL` seconds apart, whether the queued reminders have been delivered.
LOOKS = 30


async def reminders(sizes: Sizes) -> Part:
    """Measure one `tot run` after the other, on SQLite and on PostgreSQL."""
    findings: list[Finding] = []
    for name, place in DATABASES.items():
        with place() as url:
            findings += await _on(name, url, sizes)
    return Part(
        f"2a. Due → chat.postMessage in the sandbox, {sizes.pending:,} other rows pending; "
        "bare = an HTTP post, sent → there",
        findings,
    )


async def _on(name: str, url: str, sizes: Sizes) -> list[Finding]:
    async with database_with_partners(url) as database, Sandbox(MANIFEST) as sandbox:
        await fill_outbox(database, sizes.pending, url)
        async with running(sandbox, TOT_RUN, DATABASE_URL=url):
            activity = _activity(sizes)
            due = [datetime.fromtimestamp(moment, UTC) for moment in activity]
            between = [moment + sizes.apart / 2 for moment in activity]
            await database.write(lambda uow: confirm(uow, due))
            waiting = await database.read(_waiting)
            async with _posting(sandbox, between):
                await asyncio.sleep(activity[-1] + TRAIL - time.time())
            # Late reminders are measured; only one that never comes is an error.
            for _ in range(LOOKS):
                if len(late := _lateness(waiting, sandbox)) == len(due):
                    break
                await asyncio.sleep(TRAIL)
    bare, flushes = _bare(sandbox)
    if len(late) != len(due):
        raise RuntimeError(f"{len(late)} of {len(due)} reminders arrived")
    late = late[sizes.warm_up :]
    p50, p99 = statistics.median(late), percentile(late, 0.99)
    bare50, bare99 = statistics.median(bare), percentile(bare, 0.99)
    flush50, flush99 = statistics.median(flushes), percentile(flushes, 0.99)
    found = f"p50 {ms(p50)} · p99 {ms(p99)} · bare p50 {ms(bare50)} p99 {ms(bare99)}"
    return [
        Finding(f"{name}, p99", found, p99 * 1000, " ms", LATE),
        Finding(
            f"{name}, p50 against bare",
            f"a bare flush to disk: p50 {ms(flush50)} p99 {ms(flush99)}",
            p50 / bare50,
            "×",
        ),
    ]


def _activity(sizes: Sizes) -> list[float]:
    """Return UNIX seconds, evenly spread with some randomness, so that poster and bot cannot synchronise."""
    draw = random.Random(1)  # noqa: S311
    first = time.time() + LEAD
    reminders = sizes.warm_up + sizes.reminders
    return [first + (n + draw.uniform(-0.2, 0.2)) * sizes.apart for n in range(reminders)]


@asynccontextmanager
async def _posting(sandbox: Sandbox, activity: Sequence[float]) -> AsyncIterator[None]:
    """Run the bare poster during the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.bare", "posts", general(sandbox)),
        cwd=ROOT,
        env=environment(sandbox),
        stdin=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdin is not None
        process.stdin.write("".join(f"{moment}\n" for moment in activity).encode())
        process.stdin.close()
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _posted(sandbox: Sandbox) -> list[Message]:
    channels = sandbox.workspace.channels.values()
    return [message for channel in channels for message in channel.messages.values() if message.by_bot]


def _waiting(uow: UnitOfWork) -> dict[str, float]:
    """Return when each reminder of a meeting is due, by the key in its message."""
    assert isinstance(uow, SqlUnitOfWork)
    loaded = (uow.ledgers.load(case_scope(case.id)) for case in uow.find(Case))
    entries = [entry for ledger in loaded if ledger is not None for entry in ledger.unfinished()]
    return {e.op_id: e.due_at.timestamp() for e in entries if e.kind == Kind.MEETING_SOON}


def _lateness(due: dict[str, float], sandbox: Sandbox) -> list[float]:
    """Return the seconds from each reminder's due time to its `ts`, when the message was stored."""
    keys = [((m.metadata or {}).get("event_payload") or {}).get("op_id") for m in _posted(sandbox)]
    return [float(m.ts) - due[key] for m, key in zip(_posted(sandbox), keys, strict=True) if key in due]


def _bare(sandbox: Sandbox) -> tuple[list[float], list[float]]:
    """Return the seconds from each sending by the poster to its `ts`, and those of a flush to disk."""
    texts = [(float(m.ts), *map(float, m.text.split())) for m in _posted(sandbox) if m.metadata is None]
    return [ts - sent for ts, sent, _ in texts], [flush for _, _, flush in texts]


FASTER = Aim("≥", 10, "×")


class Stopwatch:
    """Notes when each row of a burst was handled."""

    def __init__(self, burst: int) -> None:
        self._left = burst
        self._burst = burst
        self._first = 0.0
        self._last = 0.0
        self.all_handled = asyncio.Event()

    def handled(self) -> None:
        self._last = time.perf_counter()
        if self._left == self._burst:
            self._first = self._last
        self._left -= 1
        if self._left == 0:
            self.all_handled.set()

    def rate(self) -> float:
        """Return rows per second, from the first to the last, so that start and end do not count."""
        return (self._burst - 1) / (self._last - self._first)


async def dispatch(sizes: Sizes) -> Part:
    """Measure both in this process, one burst after the other, each with a handler that does nothing."""
    ours: list[float] = []
    theirs: list[float] = []
    with postgresql() as url:
        async with database_with_partners(url) as database, _procrastinate(url, sizes) as app:
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


class Counted:
    """Deliveries that only count; none is given up."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch

    def prepare(self, uow: UnitOfWork, claim: Claim) -> None:
        """Do nothing before a delivery."""

    async def deliver(self, claim: Claim) -> bool:
        self._watch.handled()
        return True

    async def unexpected(self, *_: object) -> NoReturn:
        raise AssertionError

    stands = give_up = overtaken = set_aside = unexpected


async def _ours(database: SqlDatabase, number: int, burst: int) -> float:
    watch = Stopwatch(burst)

    cases = (f"case-{n // OF_A_CASE}" for n in range(burst))
    notifications = [Notification(Kind.SUMMONS, f"{number}-{n}", case) for n, case in enumerate(cases)]
    await database.write(lambda uow: uow.enqueue(*notifications))
    dispatcher = Dispatcher(database.outbox, SystemClock(), Counted(watch))
    running = asyncio.create_task(dispatcher.run())
    await watch.all_handled.wait()
    await dispatcher.idle()
    await dispatcher.stop()
    await running
    return watch.rate()


@asynccontextmanager
async def _procrastinate(url: str, sizes: Sizes) -> AsyncIterator[App]:
    """Yield a procrastinate app on the same database, with as many jobs that are due later."""
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = App(connector=PsycopgConnector(conninfo=url))
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await asyncio.to_thread(_fill, url, sizes.pending)
        await asyncio.to_thread(checkpoint, url)
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

"""Connections, transactions and the threads in which they run, for SQLite and PostgreSQL.

One process works, and commands run next to it. Only one of them writes at a time, on either database: with
300 cases a year nobody waits for long, and nobody has to lock rows that they read before they change them. On
SQLite, in WAL mode, a writing transaction begins IMMEDIATE (a deferred one fails when it starts to write). On
PostgreSQL it takes one advisory lock first, and then reads what the previous holder left.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    PoolProxiedConnection,
    create_engine,
    event,
    make_url,
    text,
)

A = TypeVar("A")
T = TypeVar("T")

READERS = 3
#: Threads, each with a connection of its own, for long reads: other reads do not wait behind them.
SLOW_READERS = 1
#: How many writes share a transaction at most.
MOST_WRITES_TOGETHER = 32
#: Takes the lock of the one writing transaction on PostgreSQL: «tota» in ASCII.
_ONE_WRITES = text(f"SELECT pg_advisory_xact_lock({0x746F7461})")

# lock_timeout is as long as SQLite's busy_timeout. The other timeout rolls back what a frozen process has
# begun before another process takes over (storage.active).
_POSTGRESQL_OPTIONS = "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=10000"


def database_url(url: str) -> URL:
    """Return the URL with the driver to use. Raise ValueError for a database of another kind."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
    raise ValueError("the database must be sqlite:///FILE or postgresql://…")


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite database; None for PostgreSQL. Raise ValueError as `database_url` does."""
    parsed = database_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    committed: Callable[[Any], None]
    done: Future[Any] = field(default_factory=Future)


class Transactions:
    """Runs functions that take a connection, in transactions in its own threads, of which one writes.

    Writes that arrive while one is in progress share the next transaction. Every commit waits for the disk,
    one at a time: with 32 writes in flight, sharing gives several times the commits a second. No write
    succeeds before the commit. If one of a shared transaction fails, all are rolled back, and each runs again
    in a transaction of its own.

    It connects to the database at `url` when it is used.
    """

    def __init__(self, url: str) -> None:
        parsed = database_url(url)
        self.postgresql = file_of(url) is None
        if not self.postgresql:
            readers = READERS + SLOW_READERS
            self.writer = sqlite_engine(parsed)
            self._reader = sqlite_engine(parsed, begin="BEGIN", pragmas=("query_only=ON",), pool_size=readers)
        else:
            self.writer = postgresql_engine(parsed)
            reading = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            self._reader = self.writer.execution_options(**reading)
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._slow_threads = ThreadPoolExecutor(SLOW_READERS, thread_name_prefix="slow-read")
        self._waiting: SimpleQueue[_Job] = SimpleQueue()

    async def write(
        self, work: Callable[[Connection], T], committed: Callable[[T], None] = lambda _: None
    ) -> T:
        """Run `work` in a read-write transaction, then `committed`, both in the writer thread.

        `work` runs again if another job in the same transaction fails.
        """
        job = _Job(_without_stop_iteration(work), _without_stop_iteration(committed))
        self._waiting.put(job)
        self._write_thread.submit(self._turn)
        result: T = await asyncio.wrap_future(job.done)
        return result

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read-only transaction that sees one state of the database."""
        return await self._read(self._read_threads, _without_stop_iteration(work))

    async def read_slowly(self, work: Callable[[Connection], T]) -> T:
        """As `read`, for long work: such reads wait for each other, and calls of `read` wait for none."""
        return await self._read(self._slow_threads, _without_stop_iteration(work))

    async def _read(self, threads: ThreadPoolExecutor, work: Callable[[Connection], T]) -> T:
        def read() -> T:
            with self._reader.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(threads, read)

    def _turn(self) -> None:
        jobs: list[_Job] = []
        with suppress(Empty):
            while len(jobs) < MOST_WRITES_TOGETHER:
                job = self._waiting.get_nowait()
                if job.done.set_running_or_notify_cancel():
                    jobs.append(job)
        if jobs and not self._serve(jobs):
            for job in jobs:
                self._serve([job])

    def _serve(self, jobs: list[_Job]) -> bool:
        """Run the jobs in one transaction; return whether each has got its result or error."""
        try:
            with self.writer.begin() as connection:
                if self.postgresql:
                    connection.execute(_ONE_WRITES)
                results = [job.work(connection) for job in jobs]
        except BaseException as error:
            if len(jobs) == 1:
                jobs[0].done.set_exception(error)
            return len(jobs) == 1
        for job, result in zip(jobs, results, strict=True):
            try:
                job.committed(result)
                job.done.set_result(result)
            except BaseException as error:
                job.done.set_exception(error)
        return True

    def scrub(self) -> None:
        """Empty SQLite's WAL of what was there before a deletion. Call it in the writer thread."""
        if not self.postgresql:
            raw = self.writer.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                raw.close()

    async def close(self) -> None:
        """Wait for work in progress, then close every connection."""
        loop = asyncio.get_running_loop()
        for threads in (self._write_thread, self._read_threads, self._slow_threads):
            await loop.run_in_executor(None, threads.shutdown)
        for engine in (self.writer, self._reader):
            engine.dispose()


def sqlite_engine(
    url: URL, *, begin: str = "BEGIN IMMEDIATE", pragmas: tuple[str, ...] = (), pool_size: int = 1
) -> Engine:
    """Return an engine on a SQLite file whose transactions are begun by `begin`, not by the driver.

    `pragmas` are set last on every connection, before any transaction.
    """
    engine = create_engine(url, pool_size=pool_size, max_overflow=0)

    def begin_transaction(dbapi_connection: PoolProxiedConnection) -> None:
        dbapi_connection.cursor().execute(begin)

    # Not an event listener: with one, the engine looks for more at every statement, a quarter of its cost.
    engine.dialect.do_begin = begin_transaction  # type: ignore[method-assign]

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        _switch_to_wal(connection)
        for pragma in (
            "busy_timeout=5000",
            "synchronous=FULL",
            "secure_delete=ON",
            # Checkpoints are frequent and small: the next writer waits for them.
            "wal_autocheckpoint=250",
            *pragmas,
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Retry in our own loop: SQLite ignores busy_timeout here, and two openers of a new file collide."""
    last_try = time.monotonic() + 5
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > last_try:
                raise
            time.sleep(0.01)


def postgresql_engine(url: URL) -> Engine:
    """Return an engine on PostgreSQL that survives a restart of the server."""
    connect_args: dict[str, Any] = {"connect_timeout": 5, "application_name": "tot-bot"}
    if "options" not in url.query:
        connect_args["options"] = _POSTGRESQL_OPTIONS
    return create_engine(
        url,
        pool_size=1 + READERS + SLOW_READERS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args=connect_args,
    )


def _without_stop_iteration(run: Callable[[A], T]) -> Callable[[A], T]:
    """Return `run` with RuntimeError in place of StopIteration: a future that cannot carry it never ends."""

    def carried(of: A) -> T:
        try:
            return run(of)
        except StopIteration as error:
            raise RuntimeError("nothing was found where something was expected") from error

    return carried

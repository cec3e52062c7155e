"""Connections, transactions and the threads in which they run, for SQLite and PostgreSQL.

One process works, and commands run beside it. SQLite: WAL, one writer thread that begins at once (a deferred
transaction fails when it comes to write), and an engine for reading that cannot write. PostgreSQL: READ
COMMITTED with locked rows for writing, one snapshot for reading.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, Table, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from storage.group_commit import SharedTransactions

T = TypeVar("T")

SQLITE_READERS = 3
#: Threads, each with a connection of its own, for reads that take long: nobody else waits behind them.
SLOW_READERS = 1
#: Fewer reads than writes, since several threads read.
MOST_WRITES_TOGETHER, MOST_READS_TOGETHER = 32, 8
POSTGRESQL_THREADS = 4

#: PostgreSQL's names for «somebody else was in the way, try again»: serialization failure, deadlock.
_TRY_AGAIN = ("40001", "40P01")
#: The longest that such a transaction waits, in seconds, before each time that it tries again.
_PAUSES = (0.1, 0.3, 0.3, 0.3)

# As long as SQLite's busy_timeout; and what a frozen process has begun is undone before another one works
# (storage.active).
_POSTGRESQL_OPTIONS = "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=10000"


def database_url(url: str) -> URL:
    """The URL with the driver that is used; ValueError for a database that is neither kind."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
    raise ValueError("the database has to be sqlite:///FILE or postgresql://…")


class Transactions:
    """Runs functions of a connection in transactions, in threads of its own."""

    def __init__(
        self,
        writer: Engine,
        reader: Engine,
        write_threads: ThreadPoolExecutor,
        read_threads: ThreadPoolExecutor,
        slow_threads: ThreadPoolExecutor,
    ) -> None:
        self.writer = writer
        self._grouped = self._shared = None
        if not self.postgresql:
            self._grouped = SharedTransactions(writer.begin, write_threads, MOST_WRITES_TOGETHER)
            self._shared = SharedTransactions(lambda: transaction(reader), read_threads, MOST_READS_TOGETHER)
        self._reader = reader
        self._write_threads = write_threads
        self._read_threads = read_threads
        self._slow_threads = slow_threads

    @property
    def postgresql(self) -> bool:
        """Return whether several processes may share this database."""
        return self.writer.dialect.name == "postgresql"

    async def write(self, work: Callable[[Connection], T], committed: Callable[[T], None] | None = None) -> T:
        """Run `work` in a read-write transaction, then `committed`, both in a writer thread.

        `work` runs again when PostgreSQL chose it as the victim of a conflict, and when SQLite could not
        commit what shared a transaction with it.
        """
        work = _carried(work)
        if self._grouped is not None:
            return await self._grouped.run(work, committed)

        def run() -> T:
            result = self._persistently(work)
            if committed is not None:
                committed(result)
            return result

        return await _in_thread(self._write_threads, run)

    def _persistently(self, work: Callable[[Connection], T]) -> T:
        for pause in _PAUSES:
            try:
                return _within(self.writer, work)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise
            # A deadlock may kill both, and both at once again, unless they return at different times.
            time.sleep(pause * random.random())  # noqa: S311
        return _within(self.writer, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read-only transaction that sees one state of the database."""
        work = _carried(work)
        if self._shared is not None:
            return await self._shared.run(work)
        return await _in_thread(self._read_threads, lambda: _within(self._reader, work))

    async def read_slowly(self, work: Callable[[Connection], T]) -> T:
        """The same for what takes long: one waits for the other, and nobody whom `read` serves for either."""
        work = _carried(work)
        return await _in_thread(self._slow_threads, lambda: _within(self._reader, work))

    def scrub(self) -> None:
        """Empty SQLite's log of what was there before a deletion. To be called in the writer's thread."""
        if not self.postgresql:
            raw = self.writer.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                raw.close()

    async def rewrite(self, tables: Iterable[str]) -> None:
        """Have PostgreSQL write the files of tables and their indexes anew, without what was deleted.

        One after the other, each in a transaction of its own: whoever comes meanwhile waits for one table.
        Raises OperationalError where somebody else holds one for longer than a second.
        """

        def run() -> None:
            with self.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("SET lock_timeout = '1s'")
                try:
                    for table in tables:
                        connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
                finally:
                    connection.invalidate()

        await _in_thread(self._write_threads, run)

    async def close(self) -> None:
        """Wait for what is under way, then close every connection."""
        loop = asyncio.get_running_loop()
        for threads in {self._write_threads, self._read_threads, self._slow_threads}:
            await loop.run_in_executor(None, threads.shutdown)
        for engine in (self.writer, self._reader):
            engine.dispose()


def inserting(table: Table, *, postgresql: bool) -> Any:
    """An INSERT that may say ON CONFLICT. PostgreSQL's takes long to load, and SQLite is the usual case."""
    if postgresql:
        from sqlalchemy.dialects.postgresql import insert as on_server

        return on_server(table)
    from sqlalchemy.dialects.sqlite import insert

    return insert(table)


def open_transactions(url: str) -> Transactions:
    """Transactions on the database at `url`. Nothing is connected yet."""
    parsed = database_url(url)
    slow_threads = ThreadPoolExecutor(SLOW_READERS, thread_name_prefix="slow-read")
    if parsed.get_backend_name() == "sqlite":
        connections = SQLITE_READERS + SLOW_READERS
        reader = sqlite_engine(parsed, begin="BEGIN", pragmas=("query_only=ON",), pool_size=connections)
        return Transactions(
            sqlite_engine(parsed),
            reader,
            ThreadPoolExecutor(1, thread_name_prefix="sqlite-write"),
            ThreadPoolExecutor(SQLITE_READERS, thread_name_prefix="sqlite-read"),
            slow_threads,
        )
    engine = postgresql_engine(parsed)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    threads = ThreadPoolExecutor(POSTGRESQL_THREADS, thread_name_prefix="postgresql")
    return Transactions(engine, reader, threads, threads, slow_threads)


def sqlite_engine(
    url: URL, *, begin: str = "BEGIN IMMEDIATE", pragmas: tuple[str, ...] = (), pool_size: int = 1
) -> Engine:
    """An engine on a SQLite file whose transactions are begun by `begin`, not by the driver.

    `pragmas` are set last on every connection, before any transaction.
    """
    engine = create_engine(url, pool_size=pool_size, max_overflow=0)

    def begin_transaction(dbapi_connection: PoolProxiedConnection) -> None:
        dbapi_connection.cursor().execute(begin)

    # Not by an event: an engine that has one looks for more at every statement, which costs a quarter of it.
    engine.dialect.do_begin = begin_transaction  # type: ignore[method-assign]

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        _switch_to_wal(connection)
        for pragma in (
            "busy_timeout=5000",
            "synchronous=FULL",
            "secure_delete=ON",
            # Often, and little each time: whoever writes next waits for it.
            "wal_autocheckpoint=250",
            *pragmas,
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """SQLite waits for no lock here, whatever its busy_timeout: two that open a new file at once collide."""
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
    """An engine on PostgreSQL that survives a restart of the server."""
    connect_args: dict[str, Any] = {"connect_timeout": 5, "application_name": "tot-bot"}
    if "options" not in url.query:
        connect_args["options"] = _POSTGRESQL_OPTIONS
    return create_engine(
        url,
        pool_size=POSTGRESQL_THREADS + SLOW_READERS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args=connect_args,
    )


def _carried(work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """As `work`, but for StopIteration: a future cannot carry it, and whoever waits would wait for ever."""

    def run(connection: Connection) -> T:
        try:
            return work(connection)
        except StopIteration as error:
            raise RuntimeError("nothing was found where something was expected") from error

    return run


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction; what its works have left in `connection.info` is forgotten as it ends."""
    with engine.begin() as connection:
        try:
            yield connection
        finally:
            # One that the server has cut has no `info` any more: to ask for it would hide what has happened.
            if not connection.invalidated:
                connection.info.clear()


def _within(engine: Engine, work: Callable[[Connection], T]) -> T:
    with transaction(engine) as connection:
        return work(connection)


async def _in_thread(threads: ThreadPoolExecutor, run: Callable[[], T]) -> T:
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(threads, lambda: context.run(run))

"""One commit for all that wait: on SQLite every commit waits for the disk, and only one can at a time."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")

#: The most that one transaction holds; the first to come waits for the last one's turn.
MOST_TOGETHER = 32
#: Fewer, since several threads read.
MOST_READ_TOGETHER = 8


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Callable[[Connection], T]
    committed: Callable[[T], None] | None
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    done: Future[T] = field(default_factory=Future)
    result: T | None = None
    error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        self.result = self.context.run(self.work, connection)

    def settle(self) -> None:
        """Tell the one who waits."""
        if self.error is None and self.committed is not None:
            try:
                self.context.run(self.committed, self.result)  # type: ignore[arg-type]
            except BaseException as error:
                self.error = error
        if self.error is not None:
            self.done.set_exception(_carried(self.error))
        else:
            self.done.set_result(self.result)  # type: ignore[arg-type]


class SharedReads:
    """Runs work in reader threads. What has gathered meanwhile shares a transaction, begun after it came."""

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._threads = threads
        self._waiting: SimpleQueue[_Job[Any]] = SimpleQueue()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`; whoever waits is told at once, not when the others have been served."""
        job = _Job(work, None)
        self._waiting.put(job)
        self._threads.submit(self._turn)
        return await asyncio.wrap_future(job.done)

    def _turn(self) -> None:
        jobs = _gathered(self._waiting, MOST_READ_TOGETHER)
        if not jobs:
            return
        try:
            with self._engine.begin() as connection:
                for job in jobs:
                    try:
                        job.run(connection)
                    except Exception as error:
                        job.error = error
                    job.settle()
        except Exception as error:
            for job in jobs:
                if not job.done.done():
                    job.error = error
                    job.settle()


class GroupCommit:
    """Runs work in one writer thread. What has gathered meanwhile shares a transaction and its flush to disk.

    Each work has a savepoint of its own: one that raises undoes nothing of the others. Nobody is told of
    success before the commit. If the transaction as a whole fails, each work runs again by itself.
    """

    def __init__(self, engine: Engine, thread: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._thread = thread
        self._waiting: SimpleQueue[_Job[Any]] = SimpleQueue()

    async def write(self, work: Callable[[Connection], T], committed: Callable[[T], None] | None) -> T:
        """Run `work`; after the commit `committed` is called with its result, in the writer thread."""
        job = _Job(work, committed)
        self._waiting.put(job)
        self._thread.submit(self._turn)
        return await asyncio.wrap_future(job.done)

    def _turn(self) -> None:
        jobs = _gathered(self._waiting, MOST_TOGETHER)
        if len(jobs) > 1:
            try:
                self._together(jobs)
            except Exception:
                for job in jobs:
                    self._alone(job)
        else:
            for job in jobs:
                self._alone(job)
        for job in jobs:
            job.settle()

    def _alone(self, job: _Job[Any]) -> None:
        job.error = None
        try:
            with self._engine.begin() as connection:
                job.run(connection)
        except BaseException as error:
            job.error = error

    def _together(self, jobs: list[_Job[Any]]) -> None:
        with self._engine.begin() as connection:
            driver: Any = connection.connection.driver_connection
            for job in jobs:
                # Where SQLite has rolled everything back by itself, as it does when the disk is full,
                # there is no such savepoint any more: that ends the turn.
                driver.execute("SAVEPOINT work")
                try:
                    job.run(connection)
                except Exception as error:
                    job.error = error
                    driver.execute("ROLLBACK TO work")
                driver.execute("RELEASE work")


def _gathered(waiting: SimpleQueue[_Job[Any]], most: int) -> list[_Job[Any]]:
    """What waits and is still waited for."""
    jobs: list[_Job[Any]] = []
    try:
        while len(jobs) < most:
            job = waiting.get_nowait()
            if job.done.set_running_or_notify_cancel():
                jobs.append(job)
    except Empty:
        pass
    return jobs


def _carried(error: BaseException) -> BaseException:
    """An error that a future can carry; with a StopIteration whoever waits would wait for ever."""
    if isinstance(error, StopIteration):
        carried = RuntimeError("nothing was found where something was expected")
        carried.__cause__ = error
        return carried
    return error

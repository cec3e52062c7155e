"""One commit for all that wait: on SQLite every commit waits for the disk, and only one can at a time."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")

#: The most that one transaction holds; the first to come waits for the last one's turn.
MOST_TOGETHER = 32
#: Fewer, since several threads read.
MOST_READ_TOGETHER = 8


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction; what its works have left in `connection.info` is forgotten as it ends."""
    with engine.begin() as connection:
        try:
            yield connection
        finally:
            connection.info.clear()


class _Answers:
    """Tells those who wait on an event loop. To wake it costs as much as a small transaction.

    So whoever is told while it is being woken is told by the same waking.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._told: deque[_Job[Any]] = deque()
        self._waking = False

    def tell(self, job: _Job[Any]) -> None:
        """From any thread: a job has come to its end."""
        self._told.append(job)
        if not self._waking:
            self._waking = True
            # Where the loop is closed, nobody waits any more.
            with contextlib.suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        # First: what is told from now on wakes the loop again, should it be too late for this time.
        self._waking = False
        while self._told:
            job = self._told.popleft()
            if job.done.done():
                continue
            if job.error is not None:
                job.done.set_exception(_carried(job.error))
            else:
                job.done.set_result(job.result)


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Callable[[Connection], T]
    committed: Callable[[T], None] | None
    answers: _Answers
    done: asyncio.Future[T | None]
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
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
        self.answers.tell(self)


class _Queue:
    """Work that waits, and the turns of a thread that will take it: no more of them than it needs."""

    def __init__(self, threads: ThreadPoolExecutor, turn: Callable[[], None], most: int) -> None:
        self._threads = threads
        self._turn = turn
        self._most = most
        self._waiting: SimpleQueue[_Job[Any]] = SimpleQueue()
        self._ahead = 0
        self._lock = threading.Lock()
        self._answers: _Answers | None = None

    async def put(self, work: Callable[[Connection], T], committed: Callable[[T], None] | None = None) -> T:
        """Have the work done, and give what it gave."""
        loop = asyncio.get_running_loop()
        answers = self._answers
        if answers is None or answers.loop is not loop:
            answers = self._answers = _Answers(loop)
        job = _Job(work, committed, answers, loop.create_future())
        self._waiting.put(job)
        with self._lock:
            # A turn that has not begun takes what came before it begins.
            if self._waiting.qsize() > self._ahead * self._most:
                self._threads.submit(self._turn)
                self._ahead += 1
        return await job.done  # type: ignore[return-value]  # None is a result like any other

    def take(self) -> list[_Job[Any]]:
        """As a turn begins: what waits and is still waited for."""
        with self._lock:
            self._ahead -= 1
        jobs: list[_Job[Any]] = []
        try:
            for _ in range(self._most):
                job = self._waiting.get_nowait()
                if not job.done.cancelled():
                    jobs.append(job)
        except Empty:
            pass
        return jobs


class SharedReads:
    """Runs work in reader threads. What has gathered meanwhile shares a transaction, begun after it came."""

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._queue = _Queue(threads, self._turn, MOST_READ_TOGETHER)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`; whoever waits is told at once, not when the others have been served."""
        return await self._queue.put(work)

    def _turn(self) -> None:
        jobs = self._queue.take()
        if not jobs:
            return
        settled = 0
        try:
            with transaction(self._engine) as connection:
                for job in jobs:
                    try:
                        job.run(connection)
                    except Exception as error:
                        job.error = error
                    job.settle()
                    settled += 1
        except Exception as error:
            for job in jobs[settled:]:
                job.error = error
                job.settle()


class GroupCommit:
    """Runs work in one writer thread. What has gathered meanwhile shares a transaction and its flush to disk.

    Each work has a savepoint of its own: one that raises undoes nothing of the others. Nobody is told of
    success before the commit. If the transaction as a whole fails, each work runs again by itself.
    """

    def __init__(self, engine: Engine, thread: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._queue = _Queue(thread, self._turn, MOST_TOGETHER)

    async def write(self, work: Callable[[Connection], T], committed: Callable[[T], None] | None) -> T:
        """Run `work`; after the commit `committed` is called with its result, in the writer thread."""
        return await self._queue.put(work, committed)

    def _turn(self) -> None:
        jobs = self._queue.take()
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


def _carried(error: BaseException) -> BaseException:
    """An error that a future can carry; with a StopIteration whoever waits would wait for ever."""
    if isinstance(error, StopIteration):
        carried = RuntimeError("nothing was found where something was expected")
        carried.__cause__ = error
        return carried
    return error

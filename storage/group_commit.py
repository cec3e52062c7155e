"""One transaction for all that wait: on SQLite every commit waits for the disk, and only one can at a time.

With 32 in flight that gives several times the commits a second of a transaction each (docs/decisions/0061).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
Outcome = tuple[Any, BaseException | None]


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    committed: Callable[[Any], None]
    done: Future[Any] = field(default_factory=Future)

    def tell(self, result: Any, error: BaseException | None) -> None:
        """Tell the one who waits."""
        try:
            if error is None:
                self.committed(result)
        except BaseException as failed:
            error = failed
        if error is None:
            self.done.set_result(result)
        else:
            self.done.set_exception(error)


class SharedTransactions:
    """Runs work in threads. What has gathered meanwhile shares a transaction, begun after all of it came.

    Each work has a savepoint of its own: one that raises undoes nothing of the others. Nobody is told of
    success before the commit. If a transaction fails as a whole, each work runs again in one of its own.
    `most` bounds how many share one: the first to come waits for the last one's turn.
    """

    def __init__(
        self, begin: Callable[[], AbstractContextManager[Connection]], threads: ThreadPoolExecutor, most: int
    ) -> None:
        self._begin = begin
        self._threads = threads
        self._most = most
        self._waiting: SimpleQueue[_Job] = SimpleQueue()

    async def run(self, work: Callable[[Connection], T], committed: Callable[[T], None] | None = None) -> T:
        """Have the work done, then `committed` in the same thread, and return what it returned."""
        run = copy_context().run
        job = _Job(
            lambda connection: run(work, connection), lambda result: committed and run(committed, result)
        )
        self._waiting.put(job)
        self._threads.submit(self._turn)
        result: T = await asyncio.wrap_future(job.done)
        return result

    def _turn(self) -> None:
        jobs: list[_Job] = []
        with suppress(Empty):
            while len(jobs) < self._most:
                job = self._waiting.get_nowait()
                if job.done.set_running_or_notify_cancel():
                    jobs.append(job)
        if jobs:
            self._serve(jobs)

    def _serve(self, jobs: list[_Job]) -> None:
        try:
            outcomes = self._together(jobs)
        except BaseException as error:
            if len(jobs) > 1:
                for job in jobs:
                    self._serve([job])
                return
            outcomes = [(None, error)]
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.tell(*outcome)

    def _together(self, jobs: list[_Job]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        with self._begin() as connection:
            driver: Any = connection.connection.driver_connection
            for job in jobs:
                # Where SQLite has rolled everything back by itself, as it does when the disk is full,
                # there is no such savepoint any more: that ends the turn.
                driver.execute("SAVEPOINT work")
                try:
                    outcomes.append((job.work(connection), None))
                except Exception as error:
                    if len(jobs) == 1:
                        raise
                    outcomes.append((None, error))
                    driver.execute("ROLLBACK TO work")
                driver.execute("RELEASE work")
        return outcomes

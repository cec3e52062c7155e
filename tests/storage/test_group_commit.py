"""Works that gather while SQLite's threads are busy share one transaction, and nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.transactions import SQLITE_READERS, Transactions, open_transactions
from tests.databases import sqlite_url

Work = Callable[[Connection], int]


def create(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE t (n INTEGER PRIMARY KEY)"))


@pytest.fixture
async def transactions(tmp_path: Path) -> AsyncIterator[Transactions]:
    transactions = open_transactions(sqlite_url(tmp_path / "group.db"))
    await transactions.write(create)
    yield transactions
    await transactions.close()


def insert(n: int) -> Work:
    def work(connection: Connection) -> int:
        connection.execute(text("INSERT INTO t VALUES (:n)"), {"n": n})
        return n

    return work


def count(connection: Connection) -> int:
    return len(connection.execute(text("SELECT n FROM t")).all())


async def stored(transactions: Transactions) -> list[int]:
    return await transactions.read(lambda c: list(c.scalars(text("SELECT n FROM t ORDER BY n"))))


@asynccontextmanager
async def busy(transactions: Transactions) -> AsyncIterator[None]:
    """The writer is at work meanwhile."""
    begun, ended = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        begun.set()
        ended.wait(60)

    waiting = asyncio.create_task(transactions.write(wait))
    await asyncio.to_thread(begun.wait, 60)
    yield
    ended.set()
    await waiting


async def together(transactions: Transactions, *works: Work) -> list[int | BaseException]:
    """Run works that have gathered while the writer was busy."""
    async with busy(transactions):
        gathered = [asyncio.create_task(transactions.write(work)) for work in works]
        await asyncio.sleep(0)
    return await asyncio.gather(*gathered, return_exceptions=True)


async def test_what_gathers_is_committed_at_once(transactions: Transactions) -> None:
    commits: list[None] = []
    event.listen(transactions.writer, "commit", lambda _: commits.append(None))
    assert await together(transactions, *map(insert, range(20))) == list(range(20))
    assert len(commits) == 2
    assert await stored(transactions) == list(range(20))


def half(connection: Connection) -> int:
    insert(5)(connection)
    raise LookupError("changed my mind")


def lost(connection: Connection) -> int:
    """As when the disk is full: everything is undone, and what follows would be outside any transaction."""
    connection.exec_driver_sql("ROLLBACK")
    raise OperationalError("INSERT", {}, Exception("database or disk is full"))


@pytest.mark.parametrize(
    ("work", "error"),
    [(half, LookupError), (insert(1), IntegrityError), (lost, OperationalError)],
)
async def test_one_that_raises_or_cannot_be_committed_or_that_sqlite_gives_up_fails_alone(
    transactions: Transactions, work: Work, error: type[Exception]
) -> None:
    before, refused, after = await together(transactions, insert(1), work, insert(2))
    assert (before, after) == (1, 2)
    assert isinstance(refused, error)
    assert await stored(transactions) == [1, 2]


async def test_nobody_is_told_before_the_commit(transactions: Transactions) -> None:
    seen: list[list[int]] = []

    def look(_result: object) -> None:
        with transactions._reader.begin() as connection:
            seen.append(list(connection.scalars(text("SELECT n FROM t ORDER BY n"))))

    async with busy(transactions):
        both = [asyncio.create_task(transactions.write(insert(n), look)) for n in (1, 2)]
        await asyncio.sleep(0)
    await asyncio.gather(*both)
    assert seen == [[1, 2], [1, 2]]


async def test_one_that_nobody_waits_for_any_more_is_not_begun(transactions: Transactions) -> None:
    async with busy(transactions):
        given_up = asyncio.create_task(transactions.write(insert(1)))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0)
    await transactions.write(insert(2))
    assert await stored(transactions) == [2]


async def test_reads_that_gather_see_what_was_committed_before_they_came(transactions: Transactions) -> None:
    begun, ended = threading.Semaphore(0), threading.Event()

    def wait(connection: Connection) -> int:
        begun.release()
        ended.wait(60)
        return count(connection)

    def fails(_connection: Connection) -> int:
        raise LookupError

    early = []
    for _ in range(SQLITE_READERS):  # one after the other, or they would share a reader
        early.append(asyncio.create_task(transactions.read(wait)))
        assert await asyncio.to_thread(begun.acquire, timeout=60)
    await transactions.write(insert(1))
    late = [asyncio.create_task(transactions.read(work)) for work in (count, fails, count)]
    await asyncio.sleep(0)
    ended.set()
    first, failed, last = await asyncio.gather(*late, return_exceptions=True)
    await asyncio.gather(*early)
    assert (first, last) == (1, 1)
    assert isinstance(failed, LookupError)


async def test_of_many_at_once_none_is_forgotten(transactions: Transactions) -> None:
    for burst in range(5):
        numbers = range(burst * 100, burst * 100 + 100)
        reads = [transactions.read(count) for _ in numbers]
        await asyncio.gather(*(transactions.write(insert(n)) for n in numbers), *reads)
    assert await transactions.read(count) == 500


def test_a_loop_that_has_ended_is_no_longer_told_and_the_next_one_is(tmp_path: Path) -> None:
    transactions = open_transactions(sqlite_url(tmp_path / "loops.db"))
    begun, ended = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        ended.wait(60)
        create(connection)

    async def given_up() -> None:
        waiting = asyncio.create_task(transactions.write(slow))
        assert await asyncio.to_thread(begun.wait, 60)
        waiting.cancel()

    async def next_one() -> int:
        ended.set()
        await transactions.write(insert(1))
        counted = await transactions.read(count)
        await transactions.close()
        return counted

    asyncio.run(given_up())
    assert asyncio.run(next_one()) == 1

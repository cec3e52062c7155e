"""Transactions, receipts and wake-ups, with concurrency."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.domain.case.entities import Case, Duty, Seat, SeatRole
from bot.domain.directory.entities import Person
from bot.domain.errors import AlreadyHandled, NotActive, Overtaken
from bot.usecases.ports import UnitOfWork
from storage.active import HEARTBEAT, ServerLock
from storage.database import SqlDatabase
from storage.schema import SchemaError
from storage.transactions import Transactions, sqlite_engine
from tests.databases import ignore_standby, postgres_alone, sqlite_url
from tests.e2e.kit import until
from tests.storage.conftest import CARD, must_fail
from tests.storage.entities import T0


def add_person(name: str) -> Callable[[UnitOfWork], Person]:
    return lambda uow: uow.add(Person(name))


async def persons(database: SqlDatabase) -> list[str]:
    return await database.read(lambda uow: [p.id for p in uow.find(Person)])


async def test_a_delivery_has_one_effect_and_is_kept_hashed(database: SqlDatabase) -> None:
    await database.once(["event", "Ev1"], add_person("a"))
    for parts in (["event", "Ev1"], ("event", "Ev1")):
        await must_fail(AlreadyHandled, database.once(parts, add_person("b")))
    # The parts are not concatenated.
    await database.once(["eventE", "v1"], add_person("c"))
    await database.once(["eventEv1"], add_person("d"))
    assert await persons(database) == ["a", "c", "d"]
    kept = await database._transactions.read(lambda c: c.scalars(text("SELECT digest FROM receipts")).all())
    assert {len(digest) for digest in kept} == {32}
    assert "Ev1" not in "".join(kept)


async def test_what_is_refused_leaves_nothing_and_may_come_again(database: SqlDatabase) -> None:
    def refuse(uow: UnitOfWork) -> None:
        uow.add(Person("a"))
        raise Overtaken

    await must_fail(Overtaken, database.write(refuse))
    await must_fail(Overtaken, database.once(["event", "Ev1"], refuse))
    await database.once(["event", "Ev1"], add_person("b"))
    assert await persons(database) == ["b"]


async def test_a_failed_next_raises_instead_of_hanging(database: SqlDatabase) -> None:
    """A StopIteration would never reach the waiting caller."""

    def look(uow: UnitOfWork) -> Duty:
        return next(d for d in uow.find(Duty))

    async with asyncio.timeout(60):
        for run in (database.read, database.write):
            await must_fail(RuntimeError, run(look))


async def test_no_work_runs_on_the_event_loop(database: SqlDatabase) -> None:
    here = threading.get_ident()
    for run in (database.read, database.write, partial(database.once, ["x"])):
        assert await run(lambda uow: threading.get_ident()) != here


async def test_changes_of_one_case_follow_each_other(filled: SqlDatabase, second: SqlDatabase) -> None:

    def one_more(uow: UnitOfWork) -> None:
        file = uow.case_file("case")
        assert file is not None
        uow.change(file.case, persons=file.case.persons + 1)
        assert len(file.seats) == file.case.persons - 1, "everything was read after the lock"
        new = uow.ids.new()
        uow.add(Person(new), Seat(new, "case", new, SeatRole.COORDINATOR, T0))

    await asyncio.gather(*((filled, second)[n % 2].write(one_more) for n in range(20)))
    (case,) = await filled.read(lambda uow: uow.find(Case))
    assert case.persons == 23


async def test_a_reader_sees_one_state(filled: SqlDatabase) -> None:
    loop = asyncio.get_running_loop()

    def read(uow: UnitOfWork) -> tuple[int, int]:
        before = len(uow.find(Person))
        asyncio.run_coroutine_threadsafe(filled.write(add_person("new")), loop).result(60)
        return before, len(uow.find(Person))

    before, after = await filled.read(read)
    assert before == after
    assert len(await persons(filled)) == before + 1


@postgres_alone
async def test_it_goes_on_when_every_connection_was_cut(database: SqlDatabase, database_url: str) -> None:
    await database.write(add_person("a"))
    cut_connections(database_url)
    await database.write(add_person("b"))
    assert await persons(database) == ["a", "b"]


def test_two_that_open_a_new_file_at_once_do_not_collide(tmp_path: Path) -> None:
    """SQLite itself does not wait when it has to switch to WAL while another connection begins to write."""
    other = sqlite3.connect(tmp_path / "tot.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.2, other.execute, ["COMMIT"])
    ends.start()
    engine = sqlite_engine(make_url(sqlite_url(tmp_path / "tot.db")))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    ends.join()
    other.close()


async def test_whoever_delivers_is_woken_by_what_is_enqueued(database: SqlDatabase) -> None:
    woken = asyncio.Event()
    database.outbox.on_enqueue(woken.set)
    await settled(woken)
    await database.write(add_person("a"))
    await asyncio.sleep(0.1)
    assert not woken.is_set(), "nobody is woken for nothing"

    await database.write(lambda uow: uow.enqueue(CARD))
    await asyncio.wait_for(woken.wait(), 60)
    (claim,) = (await database.outbox.claim(1)).rows

    await settled(woken)
    await database.write(lambda uow: uow.enqueue(CARD))
    await settled(woken)
    await database.outbox.end(claim)
    await asyncio.wait_for(woken.wait(), 60)


@postgres_alone
async def test_a_lost_connection_costs_nobody_the_lock_that_it_held(
    database: SqlDatabase, second: SqlDatabase, database_url: str
) -> None:
    """Until another process has it: then only Slack's answers are written."""
    await database.hold(ignore_standby)
    lock = database.lock
    assert isinstance(lock, ServerLock)
    cut_connections(database_url)
    async with asyncio.timeout(HEARTBEAT):
        while lock.confirmed():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
    await until(lock.confirmed)
    await database.write(add_person("a"))
    lock._keeping.cancel()  # type: ignore[union-attr]
    await second.hold(ignore_standby)
    await must_fail(NotActive, database.write(add_person("b")))
    await must_fail(NotActive, database.outbox.claim(1))
    await database.note(add_person("c"))
    assert await persons(second) == ["a", "c"]


@postgres_alone
async def test_a_connection_cut_in_a_transaction_says_so(database: SqlDatabase, database_url: str) -> None:
    await database.write(add_person("a"))

    def cut(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))
        cut_connections(database_url)
        connection.execute(text("SELECT 1"))

    await must_fail(OperationalError, database._transactions.write(cut))
    assert await persons(database) == ["a"]


async def settled(woken: asyncio.Event) -> None:
    """Let wake-ups on their way arrive, then start from silence."""
    await asyncio.sleep(0.2)
    woken.clear()


def cut_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_who_comes_to_work_looks_at_the_schema_once_more(database: SqlDatabase) -> None:
    """One that stood by while another version was installed, and the tables migrated."""
    await database.check_schema()
    another = text("UPDATE alembic_version SET version_num = '9999'")
    await database._transactions.write(lambda connection: connection.execute(another))
    await must_fail(SchemaError, database.hold(ignore_standby))


Work = Callable[[Connection], int]


def create(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE t (n INTEGER PRIMARY KEY)"))


@pytest.fixture
async def transactions(tmp_path: Path) -> AsyncIterator[Transactions]:
    transactions = Transactions(sqlite_url(tmp_path / "group.db"))
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
    """Keep the writer busy inside the block."""
    begun, ended = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        begun.set()
        ended.wait(60)

    waiting = asyncio.create_task(transactions.write(wait))
    await asyncio.to_thread(begun.wait, 60)
    yield
    ended.set()
    await waiting


async def test_one_that_raises_undoes_nothing_of_others(transactions: Transactions) -> None:
    def half(connection: Connection) -> int:
        insert(5)(connection)
        raise LookupError("changed my mind")

    works = (insert(1), half, insert(1), insert(2))
    outcomes = await asyncio.gather(*map(transactions.write, works), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [int, LookupError, IntegrityError, int]
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


async def test_of_many_at_once_none_is_forgotten(transactions: Transactions) -> None:
    for burst in range(5):
        numbers = range(burst * 100, burst * 100 + 100)
        reads = [transactions.read(count) for _ in numbers]
        await asyncio.gather(*(transactions.write(insert(n)) for n in numbers), *reads)
    assert await transactions.read(count) == 500

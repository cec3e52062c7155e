"""The outbox of the database under test, and another worker on the same database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import SqlDatabase
from storage.outbox import SqlOutbox
from tests.databases import PostgresServer, SettableClock, open_database, sqlite_url
from tests.storage.entities import OPEN
from tests.storage.notifications import Box


@pytest.fixture
async def filled(database: SqlDatabase) -> SqlDatabase:
    """With a case in its first hour."""
    await database.write(lambda uow: uow.add(*OPEN))
    return database


@pytest.fixture
def outbox(database: SqlDatabase) -> SqlOutbox:
    return database.outbox


@pytest.fixture
def box(database: SqlDatabase, clock: SettableClock) -> Box:
    return Box(database, clock)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.clone("template0") as url:
        yield url


@pytest.fixture
async def second(database_url: str, clock: SettableClock) -> AsyncIterator[SqlDatabase]:
    """Another worker on the same database."""
    database = open_database(database_url, clock)
    yield database
    await database.close()

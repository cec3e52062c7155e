"""The outbox of the database under test, with helpers to fill it, and a second worker on the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.notifications import Kind, Notification, PlannedFor
from bot.usecases.ports import Claim
from storage.database import SqlDatabase
from storage.outbox import SqlOutbox
from tests.databases import PostgresServer, SettableClock, opened, sqlite_url
from tests.storage.entities import OPEN

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CARD = Notification(Kind.ROOM, "case", case_id="case")
HALF = PlannedFor("half", datetime(2026, 12, 1, tzinfo=UTC))
REMINDER = Notification(Kind.DEPUTY_WAITS, "ask", case_id="case", recipient="officer", params=HALF)


@dataclass
class Box:
    """A database's outbox, and its clock."""

    database: SqlDatabase
    clock: SettableClock

    @property
    def outbox(self) -> SqlOutbox:
        return self.database.outbox

    async def put(self, *notifications: Notification) -> None:
        await self.database.write(lambda uow: uow.enqueue(*notifications))

    async def claimed(self, most: int = 10) -> list[Claim]:
        return list((await self.outbox.claim(most)).rows)

    async def one(self, most: int = 10) -> Claim:
        (claim,) = await self.claimed(most)
        return claim


async def must_fail(error: type[Exception], what: Awaitable[object], match: str | None = None) -> None:
    """Await something that must fail with this error."""
    with pytest.raises(error, match=match):
        await what


@pytest.fixture
async def filled(database: SqlDatabase) -> SqlDatabase:
    """Return the database with a case in its first hour."""
    await database.write(lambda uow: uow.add(*OPEN))
    return database


@pytest.fixture
def box(database: SqlDatabase, clock: SettableClock) -> Box:
    return Box(database, clock)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a database without tables."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.clone("template0") as url:
        yield url


@pytest.fixture
async def second(database_url: str, clock: SettableClock) -> AsyncIterator[SqlDatabase]:
    """Yield another worker on the same database."""
    async with opened(database_url, clock) as database:
        yield database

"""A town for every test of use cases, on SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.usecases.town import StillClock, Town
from tests.databases import SQLITE_FIRST, open_database


async def _town(url: str) -> AsyncIterator[Town]:
    """The cast, settled in; nothing has happened yet."""
    clock = StillClock()
    database = open_database(url, clock)
    yield await Town(database, clock).settle_in()
    await database.close()


@pytest.fixture(params=SQLITE_FIRST)
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite; PostgreSQL among what is slow: that it keeps the same is what the storage tests are for."""
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url


@pytest.fixture
async def town(sqlite_database_url: str) -> AsyncIterator[Town]:
    async for town in _town(sqlite_database_url):
        yield town


@pytest.fixture
async def anywhere(database_url: str) -> AsyncIterator[Town]:
    """The same on either database."""
    async for town in _town(database_url):
        yield town

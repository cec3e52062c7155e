"""The outbox of the database under test, and another worker on the same database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import SqlDatabase
from storage.outbox import SqlOutbox
from tests.databases import SettableClock, open_database
from tests.storage.notifications import Box


@pytest.fixture
def outbox(database: SqlDatabase) -> SqlOutbox:
    return database.outbox


@pytest.fixture
def box(database: SqlDatabase, clock: SettableClock) -> Box:
    return Box(database, clock)


@pytest.fixture
async def second(database_url: str, clock: SettableClock) -> AsyncIterator[SqlDatabase]:
    """Another worker on the same database."""
    database = open_database(database_url, clock)
    yield database
    await database.close()

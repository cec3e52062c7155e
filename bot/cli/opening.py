"""Working on the database from the command line: opened, checked, closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import make_url

from bot.clock import SystemClock
from bot.domain.audit import OPERATOR, AuditEntry, Event
from bot.domain.errors import TotError
from bot.settings import StoreSettings
from bot.usecases.notifications import enqueue_follow_up
from storage.database import SqlDatabase, open_database

T = TypeVar("T")


class NoSuchFile(TotError):
    """The SQLite file is not there: to connect would make an empty one, in the wrong place perhaps."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no database file {path}: run `tot migrate`, or mend DATABASE_URL")


def with_database(settings: StoreSettings, work: Callable[[SqlDatabase], Awaitable[T]]) -> T:
    """Run `work` on the database of the settings.

    Raises:
        NoSuchFile: it is an SQLite file that is not there.
        SchemaError: it is not at the version that this program needs.
        VaultError: the keys are not its own.
    """
    parsed = make_url(settings.database_url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        raise NoSuchFile(parsed.database or "")

    async def run() -> T:
        database = open_database(
            *(settings.database_url, SystemClock(), settings.secret, settings.keystore),
            follow_up=enqueue_follow_up,
        )
        try:
            await database.check_schema()
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def note(settings: StoreSettings, event: Event) -> None:
    """Log what the operator does, or has done, to the installation as a whole."""

    async def log(database: SqlDatabase) -> None:
        await database.log.note(datetime.now(UTC), AuditEntry(event, OPERATOR))

    with_database(settings, log)

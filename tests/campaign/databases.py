"""The campaign's own database, and what can happen to it while bots work on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from storage import migrate
from tests.campaign.processes import Bots, Hindrances
from tests.databases import postgres_server, sqlite_url

#: Shorter and longer than the bot's 5-second wait for a lock.
LOCKED = (3.0, 9.0)
#: Seconds for which nothing can be written.
FULL = (2.0, 6.0)
CLIENTS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


@dataclass
class SqlitePlace:
    """A database's place. Each trouble is over when its method returns."""

    url: str
    _file: Path
    _hindrances: Hindrances
    troubles: tuple[str, ...] = ("locked", "disk full")

    async def trouble(self, name: str, bots: Bots, chance: random.Random) -> None:
        if name == "locked":
            with self._hindrances.during(name):
                await asyncio.to_thread(self._lock, chance.uniform(*LOCKED))
            return
        with self._hindrances.during(name):
            full = time.monotonic() + chance.uniform(*FULL)
            limited = set()
            while time.monotonic() < full:
                # Processes started meanwhile have no room either.
                for pid in filter(None, bots.pids):
                    if pid not in limited and _limit(pid, 0):
                        limited.add(pid)
                await asyncio.sleep(0.05)
            for pid in limited:
                _limit(pid, resource.RLIM_INFINITY)

    def _lock(self, seconds: float) -> None:
        """Let nobody else write."""
        with contextlib.closing(sqlite3.connect(self._file, timeout=60, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("ROLLBACK")


@dataclass
class PostgresPlace:
    url: str
    _restart: Callable[[], object]
    _hindrances: Hindrances
    troubles: tuple[str, ...] = ("restarted", "connections cut", "locked", "disk full")

    async def trouble(self, name: str, bots: Bots, chance: random.Random) -> None:
        if name == "connections cut":
            await asyncio.to_thread(self._cut)
            return
        with self._hindrances.during(name):
            if name == "restarted":
                await asyncio.to_thread(self._restart)
            elif name == "locked":
                await asyncio.to_thread(self._lock, chance.uniform(*LOCKED))
            else:
                await asyncio.to_thread(self._fill)

    def _cut(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as other:
            for (pid,) in other.execute(CLIENTS).fetchall():
                other.execute("SELECT pg_terminate_backend(%s)", [pid])

    def _lock(self, seconds: float) -> None:
        """Let nobody else read or write the outbox, unless a full disk stops the server only now."""
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url) as other:
            other.execute("LOCK TABLE ledgers IN ACCESS EXCLUSIVE MODE")
            time.sleep(seconds)

    def _fill(self) -> None:
        """Let no client write another byte: the log cannot be written, and the server crashes."""
        with psycopg.connect(self.url, autocommit=True) as other:
            pids = other.execute(CLIENTS).fetchall()
        for (pid,) in pids:
            _limit(pid, 0)
        end = time.monotonic() + 60
        time.sleep(FULL[0])
        while time.monotonic() < end:
            with contextlib.suppress(psycopg.Error), psycopg.connect(self.url) as again:
                again.execute("SELECT 1")
                return
            time.sleep(0.1)


Place = SqlitePlace | PostgresPlace


def _limit(pid: int, size: int) -> bool:
    """Limit the size of files that a process writes. Only its own user may."""
    try:
        owner = Path(f"/proc/{pid}").stat().st_uid
    except FileNotFoundError:
        return False
    if owner == os.geteuid():
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    else:
        subprocess.run(
            ["prlimit", "--pid", str(pid), f"--fsize={size}:unlimited"],
            user=owner,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    return True


@contextlib.contextmanager
def database_place(kind: str, folder: Path, hindrances: Hindrances) -> Iterator[Place]:
    if kind == "sqlite":
        file = folder / "tot.db"
        migrate.upgrade(sqlite_url(file))
        yield SqlitePlace(sqlite_url(file), file, hindrances)
        return
    with postgres_server() as server:
        url = server.url("migrated")
        with psycopg.connect(url, autocommit=True) as admin:
            # Committed data must survive the server's death.
            admin.execute("ALTER SYSTEM SET synchronous_commit = on")
            admin.execute("SELECT pg_reload_conf()")
        yield PostgresPlace(url, server.restart, hindrances)

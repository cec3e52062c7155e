"""How to see that the bot lives: `tot run` as a process, what keeps it from starting, what makes it red."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.cli.demo import Rehearsal
from bot.cli.manifest import MANIFEST
from sandbox.clock import MovableClock
from sandbox.faults import Fault
from sandbox.server import APP_TOKEN, BOT_TOKEN, Sandbox
from storage.active import AGAIN
from storage.database import FileGone
from tests.bot.cli.conftest import PARTNERS
from tests.databases import SECRET_KEY, PostgresServer, keystore_of, open_database, postgres_server
from tests.e2e import kit
from tests.e2e.ports import becomes, free_port, health_at, read_at
from tests.forks import Tot
from tests.handlers.mail.kit import called, playing


class Place:
    """A sandbox, a database, and the environment of a `tot run`."""

    def __init__(self, sandbox: Sandbox, database: Path) -> None:
        self.sandbox = sandbox
        self.database = database
        self.port = free_port()

    def run(self, *command: str, **changed: str) -> Tot:
        return Tot(*(command or ("run",)), environment={**self._environment, **changed}, hasty=True)

    def run_on_full_disk(self, command: str = "run") -> Tot:
        return Tot(command, environment=self._environment, full_disk=True)

    @property
    def _environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TOT_", "SLACK_"))},
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_BASE_URL": self.sandbox.api_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "TOT_AUDIT_ANCHOR": f"{self.database}-anchors",
            "TOT_SECRET_KEY": SECRET_KEY,
            "TOT_ACCEPT_EPHEMERAL_DISK": "yes",
            "TOT_HEALTH_PORT": str(self.port),
        }

    async def asked(self, path: str) -> tuple[int, str]:
        return await read_at(self.port, path)

    async def is_ready(self) -> bool:
        return (await self.asked("/readyz"))[0] == 200

    async def health(self) -> dict[str, Any]:
        return (await health_at(self.port))[1]

    async def becomes(self, well: bool, *parts: str) -> bool:
        """Return whether health soon says so of all these parts."""

        async def is_so() -> bool:
            told = await self.health()
            return all(told.get(part) is well for part in parts)

        return await becomes(is_so)


@contextlib.asynccontextmanager
async def ending(process: Tot) -> AsyncIterator[Tot]:
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def said(process: Tot) -> tuple[int | None, str]:
    """Return exit code and standard error of a process that ends, or hangs."""
    async with asyncio.timeout(kit.IN_TIME):
        _, err = await process.communicate()
    return process.returncode, err.decode()


async def terminated(process: Tot) -> tuple[int | None, str]:
    process.send_signal(signal.SIGTERM)
    return await said(process)


@pytest.fixture
async def place(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    clock = MovableClock(tmp_path / "clock")
    clock.move_to(datetime.now().astimezone())
    database = open_database(sqlite_database_url, clock)
    await kit.know_partners(database)
    await database.close()
    async with Sandbox(MANIFEST, clock=clock) as sandbox:
        yield Place(sandbox, Path(sqlite_database_url.removeprefix("sqlite:///")))


async def test_what_keeps_it_from_starting_is_told_in_one_line(place: Place) -> None:
    async def told(**changed: str) -> tuple[int | None, str]:
        async with ending(place.run(**changed)) as process:
            code, err = await said(process)
        assert err.count("\n") == 1
        return code, err

    for setting, token in {
        "SLACK_BOT_TOKEN": "xoxb-of-another",
        "SLACK_APP_TOKEN": "xapp-of-another",
    }.items():
        code, err = await told(**{setting: token})
        assert code == 78, "systemd need not try again"
        assert err.startswith(f"{setting} is refused by Slack (invalid_auth): api.slack.com/apps")
    wrong = place.database.with_name("tto.db")
    missing = f"there is no database file {wrong}: run `tot migrate`, or correct DATABASE_URL\n"
    assert await told(DATABASE_URL=f"sqlite:///{wrong}") == (1, missing)
    assert not list(place.database.parent.glob("tto*")), "no empty file is left"
    with socket.socket() as other:
        other.bind(("127.0.0.1", place.port))
        other.listen()
        code, err = await told()
    assert code == 1
    assert err.startswith(f"TOT_HEALTH_PORT {place.port} cannot be used (")


@pytest.mark.long
async def test_a_second_process_on_one_file_is_refused(place: Place) -> None:
    async with ending(place.run()) as first:
        assert await place.becomes(True, "ok")
        async with ending(place.run(TOT_HEALTH_PORT=str(free_port()))) as second:
            code, err = await said(second)
        assert code == 1
        assert err.startswith(f"a running bot, or a restore, uses {place.database}, and only one can")
        first.kill()
        await first.wait()
    async with ending(place.run()) as after_a_kill:
        assert await place.becomes(True, "ok")
        assert (await terminated(after_a_kill))[0] == 0


@pytest.mark.long
async def test_slack_is_waited_for_and_sigterm_heeded_meanwhile(place: Place, tmp_path: Path) -> None:
    """The watchdog is fed by looking for work, not starved by quiet."""
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(tmp_path / "notify"))
    told.setblocking(False)
    systemd = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1000000"}
    down = place.sandbox.faults.add(Fault("5xx_before", "auth.test", times=-1))
    loop = asyncio.get_running_loop()
    with contextlib.closing(told):
        async with ending(place.run(**systemd)) as process, asyncio.timeout(kit.IN_TIME):
            heard = b""
            # Up before Slack has answered, and alive while it does not.
            while not (b"READY=1" in heard and heard.count(b"WATCHDOG=1") > 2 and down.hits > 1):
                heard += await loop.sock_recv(told, 1000)
            assert await place.asked("/livez") == (200, '{"ok": true}')
            assert (await place.asked("/readyz"))[0] == 503
            assert (await place.health())["reasons"][0].startswith("slack: 500: nothing is delivered")
            assert (await terminated(process))[0] == 0
        async with ending(place.run(**systemd)) as process:
            assert await place.becomes(False, "slack")
            place.sandbox.faults.clear()
            place.sandbox.faults.add(Fault("ratelimited", "apps.connections.open"))
            assert await becomes(place.is_ready)
            assert await place.becomes(True, "ok")
            await fed(told, 0)
            assert await fed(told, 2.0) >= 3
            with contextlib.closing(sqlite3.connect(place.database, isolation_level=None)) as lock:
                lock.execute("BEGIN IMMEDIATE")
                # It waits five seconds for the lock, and may have begun two after its last look.
                await fed(told, 2.5)
                assert await fed(told, 1.5) == 0
                lock.execute("ROLLBACK")
            assert await fed(told, 2.0) >= 1
            code, log = await terminated(process)
        assert (code, "slack.waiting" in log) == (0, True)


async def fed(told: socket.socket, seconds: float) -> int:
    """Return how often the watchdog is fed within these seconds."""
    await asyncio.sleep(seconds)
    heard = b""
    with contextlib.suppress(BlockingIOError):
        while True:
            heard += told.recv(1000)
    return heard.count(b"WATCHDOG=1")


@pytest.mark.long
async def test_what_turns_health_red_and_green_again(place: Place) -> None:
    async with ending(place.run(TOT_BACKUP_DIR=str(place.database.with_name("backups")))) as process:
        assert await place.becomes(True, "ok", "backup", "task")
        assert (await place.health())["notes"] == []
        # Another program holds the write lock: reads reveal nothing of that.
        lock = sqlite3.connect(place.database, isolation_level=None)
        with contextlib.closing(lock):
            lock.execute("BEGIN IMMEDIATE")
            assert await place.becomes(False, "database")
            lock.execute("ROLLBACK")
        assert await place.becomes(True, "ok")
        # No more bytes can be written, as on a full disk.
        limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        assert await place.becomes(False, "database")
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
        assert await place.becomes(True, "ok")
        # The socket is lost, and no new one is given.
        place.sandbox.faults.add(Fault("error", "apps.connections.open", times=-1))
        place.sandbox.sockets.drop()
        assert await place.becomes(False, "socket")
        place.sandbox.faults.clear()
        assert await place.becomes(True, "ok")
        # The token is revoked while it runs: it stays up, so that an operator can see why.
        koordinator = place.sandbox.person("koordinator")
        await koordinator.opens_home()
        place.sandbox.faults.add(Fault("error", "views.publish", times=-1, code="token_revoked"))
        await koordinator.opens_home()
        assert await place.becomes(False, "slack")
        assert (await place.health())["reasons"] == [
            "slack: token_revoked: nothing is delivered: operator: `tot doctor` says what to do"
        ]
        status, metrics = await place.asked("/metrics")
        assert status == 200
        assert 'tot_task_up{task="dispatcher"} 1.0' in metrics
        assert "tot_slack 0.0" in metrics
        assert 'tot_deliveries_total{outcome="unusable"}' in metrics
        assert 'outcome="done"' not in metrics, "what went well would tell when, message for message"
        # The database becomes read-only.
        await asyncio.to_thread(make_read_only, place.database)
        assert await place.becomes(False, "database", "task")
        unwritten = "database: cannot be written (OperationalError): operator: check its disk and locks, or"
        assert unwritten in str((await place.health())["reasons"])
        code, log = await terminated(process)
    assert code == 0
    logged = ("socket.lost", "socket.back", "slack.unusable", "task.failed")
    assert [event for event in logged if event not in log] == []
    assert "Traceback" not in log


async def test_a_case_and_a_mail_leave_no_trace_in_the_metrics(sqlite_database_url: str) -> None:
    """Collected each second they reveal neither a call to Slack nor an arriving answer."""
    async with playing(sqlite_database_url) as (rehearsal, runner, _):
        port = free_port()
        await rehearsal.bot.health.start(port)
        before = await read_at(port, "/metrics")
        assert before[0] == 200
        await called(runner, "Politiet")
        assert await read_at(port, "/metrics") == before
        runner.answers("politi-exit", "ACCEPTED")
        await runner.until_idle()
        assert await read_at(port, "/metrics") == before


async def test_a_file_that_is_gone_is_seen(rehearsal: Rehearsal, tmp_path: Path) -> None:
    bot = rehearsal.bot
    assert (await bot.health.state())["database"] is True
    for name in ("tot-keys.db", "tot.db"):
        file = tmp_path / name
        away = file.rename(tmp_path / "away")
        with pytest.raises(FileGone, match=name):
            await bot.stock()
        away.rename(file)
        await bot.stock()
    away = file.rename(tmp_path / "away")
    state = await bot.health.state()
    assert (state["ok"], state["database"]) == (False, False)
    assert state["reasons"] == [
        "database: cannot be written (FileGone): operator: put the file back,"
        " or restore a backup (docs/operate.md)"
    ]
    away.rename(file)


async def test_without_backups_the_bot_is_well_and_says_so(place: Place) -> None:
    async with ending(place.run()):
        assert await place.becomes(True, "ok", "backup")
        out, _ = await place.run("healthcheck").communicate()
    assert out == b"Well.\nbackup: TOT_BACKUP_DIR is not set, so the bot makes none\n"


async def test_what_can_wait_wakes_nobody(place: Place, tmp_path: Path) -> None:
    """A backup that cannot be made: attention at once, red when three are missed; key exports continue."""
    folder, exports = tmp_path / "backups", tmp_path / "exports"
    folder.write_text("a file where the folder should be")
    settings = {"TOT_BACKUP_DIR": str(folder), "TOT_KEYS_EXPORT_DIR": str(exports)}
    async with ending(place.run(**settings)):
        assert await place.becomes(True, "ok", "socket")
        health = await place.health()
        assert (health["backup"], health["reasons"]) == (False, [])
        assert health["attention"][0].startswith("backup: none for 50 h: operator: ")
        await kit.until((exports / "tot-keys.export").exists)
        assert "tot_attention 1.0" in (await place.asked("/metrics"))[1]
        asked = place.run("healthcheck")
        _, err = await asked.communicate()
        assert (asked.returncode, err.decode()) == (3, f"{health['attention'][0]}\n")


async def test_a_full_disk_ends_the_start_in_one_line(place: Place) -> None:
    # No byte can be written, as on a full disk; SQLite uses the same word for both.
    async with ending(place.run_on_full_disk()) as process:
        code, err = await said(process)
    assert (code, err) == (1, "the database does not work: disk I/O error: is its disk full, or read-only?\n")
    async with ending(place.run_on_full_disk("doctor")) as process:
        out, _ = await process.communicate()
    assert "the database does not work: disk I/O error" in out.decode()
    async with ending(place.run()) as process:
        assert await place.becomes(True, "ok")
        assert (await terminated(process))[0] == 0


def make_read_only(database: Path) -> None:
    """Make it read-only by its own header, which even root respects; open connections reread it then."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.execute("BEGIN IMMEDIATE")
        with database.open("r+b") as file:
            file.seek(18)
            file.write(bytes([3]))
        other.execute("INSERT INTO receipts VALUES ('written', '2026-01-01')")
        other.execute("COMMIT")


async def test_a_key_store_that_is_dumped_does_not_keep_it_from_starting(
    place: Place, postgres: PostgresServer, postgres_database_url: str
) -> None:
    """The start removes copies of destroyed keys, or tries to."""
    with postgres.clone("template0") as elsewhere:
        keystore = f"{elsewhere}&options=-c%20lock_timeout%3D200"
        on = {"DATABASE_URL": postgres_database_url, "TOT_KEYSTORE": keystore}
        async with ending(place.run("partners", "import", PARTNERS, **on)) as process:
            assert (await said(process))[0] == 0
        with psycopg.connect(elsewhere) as dump:
            dump.execute("SELECT FROM tot_keys.keys")
            async with ending(place.run(**on)) as process:
                assert await place.becomes(True, "ok")
                _, log = await terminated(process)
    assert ["erasing" in line for line in log.splitlines() if "job.failed" in line] == [True]


@pytest.mark.long
async def test_a_server_that_is_stopped_is_seen_and_waited_for(place: Place) -> None:
    with postgres_server() as server:
        url = server.url("migrated")
        with psycopg.connect(url, autocommit=True) as admin:
            # Committed data must survive.
            admin.execute("ALTER SYSTEM SET synchronous_commit = on")
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CHECKPOINT")
        database = open_database(url, place.sandbox.clock)
        await kit.know_partners(database)
        await database.close()
        async with ending(place.run(DATABASE_URL=url, TOT_KEYSTORE=str(keystore_of(url)))) as process:
            assert await place.becomes(True, "ok")
            await asyncio.to_thread(server.stop)
            assert await place.becomes(False, "database")
            assert "or that PostgreSQL runs and answers" in (await place.health())["reasons"][0]
            await asyncio.sleep(4 * AGAIN)
            await asyncio.to_thread(server.restart)
            assert await place.becomes(True, "database")
            # Home is an entry of a ledger, claimed and delivered.
            calls = place.sandbox.workspace.calls
            before = len(calls)
            await place.sandbox.person("koordinator").opens_home()
            await kit.until(lambda: any(call.method == "views.publish" for call in calls[before:]))
            code, log = await terminated(process)
    assert code == 0
    assert log.count("active.unconfirmed") == 1
    assert "Traceback" not in log

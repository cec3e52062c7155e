"""`tot doctor` against a local workspace: each thing that can be wrong is found, with what mends it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.doctor_owner import POINTS
from bot.cli.manifest import MANIFEST
from sandbox.faults import Fault
from sandbox.server import Sandbox
from tests.bot.cli.conftest import ROOT, Said, Tot

PARTNERS = str(ROOT / "partners.example.toml")
WHOLE: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))


class Clinic:
    """A workspace whose bot is examined."""

    def __init__(self, tot: Tot, sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
        self.sandbox = sandbox
        self.tot = tot
        self.patch = patch

    async def examine(self) -> Said:
        return await asyncio.to_thread(self.tot, "doctor")


def words(said: Said) -> str:
    """The table's text, without its lines and line breaks."""
    return " ".join(said.out.replace("│", " ").split())


@pytest.fixture
def prepared(tot: Tot, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", sqlite_database_url)
    assert tot("partners", "import", str(ROOT / "partners.example.toml")).code == 0
    return sqlite_database_url


def _connect(sandbox: Sandbox, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("SLACK_BOT_TOKEN", sandbox.bot_token)
    patch.setenv("SLACK_APP_TOKEN", sandbox.app_token)
    patch.setenv("SLACK_API_BASE_URL", sandbox.api_url)


@pytest.fixture
async def clinic(tot: Tot, prepared: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Clinic]:
    async with Sandbox(WHOLE) as sandbox:
        _connect(sandbox, monkeypatch)
        yield Clinic(tot, sandbox, monkeypatch)


async def test_all_is_well(clinic: Clinic) -> None:
    said = await clinic.examine()
    assert said.code == 0, said.out
    assert "Nothing that could be checked is wrong." in said.out
    assert {"Settings", "Database", "Partners", "Clock", "Scopes", "People"} <= set(said.out.split())


async def test_it_says_what_it_cannot_check(clinic: Clinic) -> None:
    said = words(await clinic.examine())
    assert "Messages and forms unknown" in said
    assert "Owner's checklist unknown" in said
    assert all(word in said for point in POINTS for word in point.setting.split())


async def test_it_says_where_the_anchors_prove_little(clinic: Clinic) -> None:
    """On the volume of the database; `/proc` is always another one, and nothing is written."""
    said = await clinic.examine()
    assert said.code == 0
    assert "Anchors unknown" in words(said)
    clinic.patch.setenv("TOT_AUDIT_ANCHOR", "/proc/no-such-anchors")
    assert "Anchors unknown" not in words(await clinic.examine())


async def test_a_log_that_is_not_whole_is_found(clinic: Clinic, prepared: str) -> None:
    with contextlib.closing(sqlite3.connect(prepared.removeprefix("sqlite:///"))) as connection:
        connection.execute("DROP TRIGGER audit_no_delete")
    said = await clinic.examine()
    assert said.code == 1
    assert "Audit log wrong the trigger audit_no_delete is missing" in words(said)


async def test_tables_that_are_not_as_declared_are_found(clinic: Clinic, prepared: str) -> None:
    with contextlib.closing(sqlite3.connect(prepared.removeprefix("sqlite:///"))) as connection:
        connection.execute("ALTER TABLE agencies ADD COLUMN extra TEXT")
        connection.execute("DROP INDEX " + connection.execute(_AN_INDEX).fetchone()[0])
    said = await clinic.examine()
    assert said.code == 1
    assert "agencies.extra" in words(said)
    assert "missing" in words(said)


_AN_INDEX = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = 'outbox'"


async def test_a_full_disk_and_what_cannot_be_looked_at_end_no_examination(
    clinic: Clinic, tmp_path: Path
) -> None:
    """`/proc` has no byte left, whoever asks; a name that is too long cannot even be asked about."""
    clinic.patch.setenv("TOT_AUDIT_ANCHOR", "/proc/anchors")
    said = await clinic.examine()
    assert said.code == 1
    assert "Disk wrong 0 MB are left for /proc" in words(said)
    clinic.patch.setenv("TOT_BACKUP_DIR", str(tmp_path / ("x" * 300)))
    said = await clinic.examine()
    assert said.code == 1
    assert "File name too long" in words(said)
    assert "Clock fine" in words(said), "the rest is looked at all the same"


async def test_it_changes_nothing_and_prints_no_token(clinic: Clinic) -> None:
    said = await clinic.examine()
    assert clinic.sandbox.bot_token not in said.out
    assert clinic.sandbox.app_token not in said.out
    assert {c.method for c in clinic.sandbox.workspace.calls} == {
        "auth.test",
        "apps.connections.open",
        "users.info",
    }


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "Bot token wrong Slack refuses it: invalid_auth"),
        ("SLACK_APP_TOKEN", "xapp-wrong", "App token wrong Slack refuses it: invalid_auth"),
        ("SLACK_APP_TOKEN", "kanari", "Settings wrong SLACK_APP_TOKEN does not look like a token"),
        ("SLACK_API_BASE_URL", "http://127.0.0.1:1/api/", "Slack wrong cannot be reached"),
        ("DATABASE_URL", "sqlite:////no/such/tot.db", "Database wrong there is no database file"),
        ("DATABASE_URL", "postgresql://u:kanari@127.0.0.1:1/t", "Database wrong TOT_KEYSTORE is missing"),
    ],
)
async def test_a_wrong_setting_is_found(clinic: Clinic, name: str, value: str, found: str) -> None:
    clinic.patch.setenv(name, value)
    said = await clinic.examine()
    assert said.code == 1
    assert found in words(said)
    assert "kanari" not in said.out


async def test_a_token_that_is_revoked(clinic: Clinic) -> None:
    clinic.sandbox.faults.add(Fault("error", "auth.test", times=-1, code="token_revoked"))
    said = await clinic.examine()
    assert said.code == 1
    assert "Bot token wrong Slack refuses it: token_revoked" in words(said)


async def test_scopes_that_are_not_granted_and_those_too_many(
    tot: Tot, prepared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = deepcopy(WHOLE)
    granted = other["oauth_config"]["scopes"]["bot"]
    granted.remove("groups:write")
    granted.append("channels:join")
    async with Sandbox(other) as sandbox:
        _connect(sandbox, monkeypatch)
        said = await Clinic(tot, sandbox, monkeypatch).examine()
    assert said.code == 1
    assert "Scopes wrong missing: groups:write" in words(said)
    assert "Scopes look more than the bot uses: channels:join" in words(said)


async def test_a_server_that_is_not_there(clinic: Clinic, tmp_path: Path) -> None:
    clinic.patch.setenv("DATABASE_URL", "postgresql://u:kanari@127.0.0.1:1/t")
    clinic.patch.setenv("TOT_KEYSTORE", f"shared:{tmp_path}/keys.db")
    said = await clinic.examine()
    assert said.code == 1
    assert "Database wrong the database does not work" in words(said)
    assert not (tmp_path / "keys.db").exists()


async def test_socket_mode_off(tot: Tot, prepared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = deepcopy(WHOLE)
    other["settings"]["socket_mode_enabled"] = False
    async with Sandbox(other) as sandbox:
        _connect(sandbox, monkeypatch)
        said = await Clinic(tot, sandbox, monkeypatch).examine()
    assert said.code == 1
    assert "App token wrong Socket Mode is off" in words(said)


async def test_people_who_are_not_there_or_cannot_have_a_seat(
    clinic: Clinic, tot: Tot, tmp_path: Path
) -> None:
    text = (ROOT / "partners.example.toml").read_text("utf-8").replace("U0HELSE", "U0INGEN")
    path = tmp_path / "partners.toml"
    path.write_text(text, "utf-8")
    assert (await asyncio.to_thread(tot, "partners", "import", "--yes", str(path))).code == 0
    clinic.sandbox.user("politi-vakt").deleted = True
    clinic.sandbox.user("bistandsadvokat").is_ultra_restricted = True
    said = await clinic.examine()
    assert said.code == 1
    assert "People wrong U0INGEN is not in this workspace" in words(said)
    assert "People wrong U0POLITIVAKT is deactivated" in words(said)
    assert "People look U0ADVOKAT is a single-channel guest" in words(said)


@pytest.mark.parametrize(
    ("address", "tells"),
    [
        ("tot@kommune.example", True),
        ("tot-bergen@kommune.example", True),
        ("post@tot.kommune.example", True),
        ("kalender@kommune.example", False),
        ("kalender@toten.example", False),
    ],
)
async def test_a_mail_address_that_names_the_team(clinic: Clinic, address: str, tells: bool) -> None:
    clinic.patch.setenv("TOT_MAIL_FROM", address)
    said = await clinic.examine()
    assert said.code == 0, said.out
    assert ("TOT_MAIL_FROM names TOT" in words(said)) is tells


async def test_it_makes_nothing(
    tot: Tot, sqlite_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither on a new database, nor where the key store is gone."""
    monkeypatch.setenv("DATABASE_URL", sqlite_database_url)

    def kept() -> dict[str, bytes]:
        """The files there; SQLite's own helpers come and go with whoever reads."""
        files = (file for file in tmp_path.rglob("*") if not file.name.endswith(("-wal", "-shm")))
        return {file.name: file.read_bytes() for file in files if file.is_file()}

    before = kept()
    async with Sandbox(WHOLE) as sandbox:
        _connect(sandbox, monkeypatch)
        clinic = Clinic(tot, sandbox, monkeypatch)
        assert (await clinic.examine()).code == 1
        assert kept().keys() == before.keys()
        assert (await asyncio.to_thread(tot, "partners", "import", PARTNERS)).code == 0
        with contextlib.closing(sqlite3.connect(sqlite_database_url.removeprefix("sqlite:///"))) as c:
            c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = kept()
        assert (await clinic.examine()).code == 0
        assert kept() == before
        for end in ("", "-wal", "-shm"):
            (tmp_path / f"tot-keys.db{end}").unlink(missing_ok=True)
        said = await clinic.examine()
    assert said.code == 1
    assert "Database wrong the key store" in words(said)
    assert not (tmp_path / "tot-keys.db").exists()


async def test_what_it_sees_of_files(clinic: Clinic, prepared: str, tmp_path: Path) -> None:
    """Keys, backups and exports, on which volume, and who can read them."""
    said = words(await clinic.examine())
    assert "Key store fine" in said
    assert "Permissions fine" in said
    for unset in (
        "Volumes look",
        "Backups look none are made by itself",
        "Keys export unknown whether there is one",
    ):
        assert unset in said
    (tmp_path / "backups").mkdir()
    clinic.patch.setenv("TOT_BACKUP_DIR", str(tmp_path / "backups"))
    clinic.patch.setenv("TOT_KEYS_EXPORT_DIR", str(tmp_path / "exports"))
    said = words(await clinic.examine())
    assert "Backups unknown none in" in said
    assert "Keys export look" in said
    backup = tmp_path / "backups" / "tot-2026-03-02.backup"
    assert (await asyncio.to_thread(clinic.tot, "backup", str(backup))).code == 0
    said = words(await clinic.examine())
    assert "Backups fine the newest is tot-2026-03-02.backup" in said
    assert "Keys export look on the same volume as the key store" in said
    os.utime(backup, (time.time() - 50 * 3600,) * 2)
    assert "Backups look the newest is 50 hours old" in words(await clinic.examine())


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder to which the way is open; that to `tmp_path` is not."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


async def test_files_that_others_can_read(clinic: Clinic, open_to_all: Path) -> None:
    export = open_to_all / "tot-keys.export"
    export.write_text("keys")
    export.chmod(0o644)
    clinic.patch.setenv("TOT_KEYS_EXPORT_DIR", str(open_to_all))
    said = await clinic.examine()
    assert said.code == 1
    assert "Permissions wrong /var/tmp/" in words(said)
    export.chmod(0o600)
    assert (await clinic.examine()).code == 0


async def test_no_partners_yet(tot: Tot, sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_database_url)
    async with Sandbox(WHOLE) as sandbox:
        _connect(sandbox, monkeypatch)
        said = await Clinic(tot, sandbox, monkeypatch).examine()
    assert said.code == 1
    assert "Partners wrong none have been imported" in words(said)


def test_without_any_settings_it_still_looks_at_the_rest(tot: Tot, prepared: str) -> None:
    said = tot("doctor")
    assert said.code == 1
    assert "Settings wrong SLACK_BOT_TOKEN is missing" in words(said)
    assert "Database fine" in words(said)


class _OddSlack(BaseHTTPRequestHandler):
    """A Slack whose clock is wrong, or which answers in plain text."""

    plain = False

    def do_POST(self) -> None:
        body = b"upstream connect error" if self.plain else b'{"ok": true, "team": "T"}'
        self.send_response_only(503 if self.plain else 200)
        self.send_header("Date", formatdate(time.time() - 120, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.mark.parametrize(
    ("plain", "found"),
    [
        (False, ("Clock wrong differs by 1", "Scopes wrong missing: channels:history, ")),
        (True, ("Bot token wrong Slack refuses it: HTTP 503",)),
    ],
)
def test_a_slack_that_answers_oddly(
    tot: Tot, prepared: str, monkeypatch: pytest.MonkeyPatch, plain: bool, found: tuple[str, ...]
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Odd", (_OddSlack,), {"plain": plain})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("SLACK_API_BASE_URL", f"http://127.0.0.1:{server.server_port}/api/")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-0-test")
        monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-0-test")
        try:
            said = tot("doctor")
        finally:
            server.shutdown()
            thread.join()
    assert said.code == 1
    for each in found:
        assert each in words(said)

"""`tot doctor`: faults and their remedies, what Slack would refuse, what only the owner can say."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.doctor_blocks import SAMPLES, examine_blocks
from bot.cli.manifest import MANIFEST
from bot.domain.directory.entities import Person
from bot.domain.validators import names_tot
from bot.settings import Settings, load
from bot.usecases.ports import UnitOfWork
from handlers.subjects import joined
from sandbox import limits
from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.web_api import api
from storage.findings import Finding, fine
from tests.bot.cli.conftest import EXAMPLE, PARTNERS, Env, Said, Tot, in_database
from tests.lock_screen import KINDS
from tests.stories.told import ELSEWHERE

WHOLE: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))


class Clinic:
    """A workspace whose bot is examined."""

    def __init__(self, tot: Tot, sandbox: Sandbox, env: Env) -> None:
        self.sandbox, self.tot, self.env = sandbox, tot, env
        env(SLACK_BOT_TOKEN=sandbox.bot_token, SLACK_APP_TOKEN=sandbox.app_token)
        env(SLACK_API_BASE_URL=sandbox.api_url)

    async def does(self, *arguments: str) -> Said:
        return await asyncio.to_thread(self.tot, *arguments)

    async def finds(self, *wrong: str) -> str:
        """Examine: these faults are found; it fails only if there are any. Return all that was said."""
        said = await self.does("doctor")
        assert said.code == bool(wrong), said.out
        told = words(said)
        for each in wrong:
            assert each in told
        assert "kanari" not in said.out
        return told


def words(said: Said) -> str:
    """Return the text without indents and line breaks."""
    return " ".join(said.out.split())


def opened(url: str) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///")))


@pytest.fixture
async def clinic(tot: Tot, with_partners: str, env: Env) -> AsyncIterator[Clinic]:
    async with Sandbox(WHOLE) as sandbox:
        yield Clinic(tot, sandbox, env)


async def test_all_is_well_and_what_it_cannot_check_is_said(clinic: Clinic) -> None:
    """It changes nothing in Slack, and shows no token."""
    told = await clinic.finds()
    assert "Nothing is wrong, as far as could be checked." in told
    assert {"Settings", "Database", "Partners", "Clock", "Scopes", "People"} <= set(told.split())
    for each in ("Messages and forms unknown", "Slack's settings unknown", "Anchors unknown"):
        assert each in told
    assert clinic.sandbox.bot_token not in told
    assert clinic.sandbox.app_token not in told
    called = {c.method for c in clinic.sandbox.workspace.calls}
    assert called == {"auth.test", "apps.connections.open", "users.info"}
    # On another volume than the database's, anchors prove more; `/proc` always is one. Nothing is written.
    clinic.env(TOT_AUDIT_ANCHOR="/proc/no-such-anchors")
    assert "Anchors unknown" not in await clinic.finds("Disk wrong only 0 MB are free for /proc")


async def test_a_shut_directory_is_found_and_the_log_looked_at(clinic: Clinic, with_partners: str) -> None:
    with opened(with_partners) as connection, connection:
        connection.execute("UPDATE documents SET version = version + 1 WHERE kind = 'directory'")
    told = await clinic.finds("Database wrong the partners in it cannot be read", "directory/directory")
    assert "Audit log" in told


async def test_what_cannot_be_looked_at_ends_no_examination(clinic: Clinic, tmp_path: Path) -> None:
    """The system cannot check a name that is too long."""
    clinic.env(TOT_BACKUP_DIR=tmp_path / ("x" * 300))
    await clinic.finds("File name too long", "Clock fine")


async def test_a_wrong_setting_is_found(clinic: Clinic, tmp_path: Path) -> None:
    no_server = {"DATABASE_URL": "postgresql://u:kanari@127.0.0.1:1/t"}
    keys = {"TOT_KEYSTORE": f"shared:{tmp_path}/none.db"}
    for settings, found in (
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Bot token wrong Slack refuses it: invalid_auth"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "App token wrong Slack refuses it: invalid_auth"),
        ({"SLACK_APP_TOKEN": "kanari"}, "Settings wrong SLACK_APP_TOKEN does not look like a token"),
        ({"SLACK_API_BASE_URL": "http://127.0.0.1:1/api/"}, "Slack wrong cannot be reached"),
        ({"DATABASE_URL": "sqlite:////no/such/tot.db"}, "Database wrong there is no database file"),
        (no_server, "Database wrong TOT_KEYSTORE is missing"),
        (no_server | keys, "Database wrong the database does not work"),
    ):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            await clinic.finds(found)
    assert not (tmp_path / "none.db").exists()
    clinic.sandbox.faults.add(Fault("error", "auth.test", times=-1, code="token_revoked"))
    await clinic.finds("Bot token wrong Slack refuses it: token_revoked")


async def test_an_app_that_was_made_otherwise(tot: Tot, with_partners: str, env: Env) -> None:
    other = deepcopy(WHOLE)
    granted = other["oauth_config"]["scopes"]["bot"]
    granted.remove("groups:write")
    granted.append("channels:join")
    other["settings"]["socket_mode_enabled"] = False
    async with Sandbox(other) as sandbox:
        await Clinic(tot, sandbox, env).finds(
            "Scopes wrong missing: groups:write",
            "Scopes look more than the bot uses: channels:join",
            "App token wrong Socket Mode is off",
        )


async def test_people_who_are_not_there_or_cannot_have_a_seat(clinic: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace("U0HELSE", "U0INGEN"), "utf-8")
    assert (await clinic.does("partners", "import", "--yes", str(path))).code == 0
    clinic.sandbox.user("politi-vakt").deleted = True
    clinic.sandbox.user("bistandsadvokat").is_ultra_restricted = True
    clinic.sandbox.user("barnevern").is_bot = True
    clinic.sandbox.user("sosialtjenesten").is_stranger = True
    await clinic.finds(
        "People wrong U0INGEN is not in this workspace",
        "People wrong U0POLITIVAKT is deactivated",
        "People look U0ADVOKAT is a single-channel guest",
        "People wrong U0BARNEVERN is a bot",
        "People look U0SOSIALTJ is in Slack Connect",
    )
    clinic.sandbox.faults.add(Fault("error", "users.info", times=-1, code="fatal_error"))
    assert "People look could not be looked up: fatal_error" in await clinic.finds()


def _deactivated(uow: UnitOfWork) -> None:
    for person in uow.find(Person, slack_id="U0UTENFOR"):
        uow.change(person, deactivated=True)


async def test_a_team_without_agencies_or_a_coordinator_on_slack(clinic: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    team = '[[teams]]\nkey = "tot-nsk"\nname = "TOT NSK"\nmandate = "Et team."\n'
    team += 'coordinators = [{ slack_id = "U0UTENFOR" }]\n'
    path.write_text(f"{EXAMPLE.read_text('utf-8')}\n{team}", "utf-8")
    assert (await clinic.does("partners", "import", "--yes", str(path))).code == 0
    assert "Partners look tot-nsk has no agencies" in await clinic.finds()
    await asyncio.to_thread(in_database, _deactivated)
    await clinic.finds("Partners wrong no coordinator of tot-nsk is on Slack")


async def test_mail_servers_that_cannot_be_used(clinic: Clinic) -> None:
    said = await clinic.does("doctor", "--mail", "kari@kommune.example")
    assert "Mail out wrong TOT_SMTP_URL is not set" in words(said)
    shut = "bot:hemmelig@127.0.0.1:1"
    clinic.env(TOT_SMTP_URL=f"smtps://{shut}", TOT_MAIL_FROM="kalender@kommune.example")
    told = await clinic.finds("Mail out wrong the server cannot be reached")
    assert "Mail in look not set: answers from calendars are not read" in told
    clinic.env(TOT_IMAP_URL=f"imaps://{shut}")
    told = await clinic.finds("Mail in wrong cannot be read: ConnectionRefusedError")
    assert "Senders of mail look not checked" in told
    clinic.env(TOT_MAIL_FROM="tot@kommune.example")
    assert "TOT_MAIL_FROM names TOT" in await clinic.finds("Mail in wrong")


def test_an_address_that_names_the_team() -> None:
    assert all(map(names_tot, ("tot-bergen@kommune.example", "post@tot.kommune.example")))
    assert not any(map(names_tot, ("kalender@kommune.example", "kalender@toten.example")))


async def test_it_makes_nothing(tot: Tot, sqlite_database_url: str, tmp_path: Path, env: Env) -> None:
    """Neither on a new database, nor where the key store is gone."""
    env(DATABASE_URL=sqlite_database_url)

    def kept() -> dict[str, bytes]:
        """Return the files there; SQLite's helper files come and go with readers."""
        files = (file for file in tmp_path.rglob("*") if not file.name.endswith(("-wal", "-shm")))
        return {file.name: file.read_bytes() for file in files if file.is_file()}

    before = kept()
    async with Sandbox(WHOLE) as sandbox:
        clinic = Clinic(tot, sandbox, env)
        await clinic.finds("Partners wrong none have been imported")
        assert kept().keys() == before.keys()
        assert (await clinic.does("partners", "import", PARTNERS)).code == 0
        with opened(sqlite_database_url) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = kept()
        await clinic.finds()
        assert kept() == before
        for end in ("", "-wal", "-shm"):
            (tmp_path / f"tot-keys.db{end}").unlink(missing_ok=True)
        await clinic.finds("Database wrong the key store")
    assert not (tmp_path / "tot-keys.db").exists()


async def test_what_it_sees_of_files(clinic: Clinic, tmp_path: Path) -> None:
    """It checks keys, backups and exports: their volumes, and who can read them."""
    said = await clinic.finds()
    for each in (
        *("Key store fine", "Permissions fine", "Volumes look", "Backups look the bot makes none"),
        "Keys export unknown is there one",
    ):
        assert each in said
    clinic.env(TOT_BACKUP_DIR=tmp_path / "backups" / "nightly")
    assert "Backups unknown none in" in await clinic.finds(), "the bot makes the folders"
    (tmp_path / "backups").mkdir()
    clinic.env(TOT_BACKUP_DIR=tmp_path / "backups")
    clinic.env(TOT_KEYS_EXPORT_DIR=tmp_path / "exports")
    said = await clinic.finds()
    assert "Backups unknown none in" in said
    assert "Keys export look" in said
    now = datetime.now(UTC)
    backup = tmp_path / "backups" / f"tot-{now:%Y-%m-%d}.backup"
    export = tmp_path / "exports" / "tot-keys.export"
    export.parent.mkdir()
    for command in ("backup", str(backup)), ("keys", "export", str(export)):
        assert (await clinic.does(*command)).code == 0
    said = await clinic.finds()
    assert f"Backups fine the newest is {backup.name}" in said
    assert "Keys export look on the same volume as the key store" in said
    older = backup.rename(backup.with_name(f"tot-{now - timedelta(days=3):%Y-%m-%d}.backup"))
    assert f"Backups look the newest is {older.name}" in await clinic.finds()


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """Return a folder that everybody can reach, unlike `tmp_path`."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


async def test_files_that_others_can_read(clinic: Clinic, open_to_all: Path) -> None:
    export = open_to_all / "tot-keys.export"
    export.write_text("keys")
    export.chmod(0o644)
    clinic.env(TOT_KEYS_EXPORT_DIR=open_to_all)
    await clinic.finds("Permissions wrong /var/tmp/")
    export.chmod(0o600)
    await clinic.finds()


@pytest.mark.usefixtures("with_partners")
def test_without_any_settings_it_still_looks_at_the_rest(tot: Tot) -> None:
    said = tot("doctor")
    assert said.code == 1
    assert "Database fine" in words(said).partition("Settings wrong SLACK_BOT_TOKEN is missing")[2]


async def test_a_slack_that_answers_oddly(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clock is wrong; then it answers in plain text."""
    monkeypatch.setattr(api, "formatdate", lambda **_: formatdate(time.time() - 120, usegmt=True))
    await clinic.finds("Clock wrong differs by 1")
    clinic.sandbox.faults.add(Fault("5xx_before", "auth.test", times=-1, status=503))
    await clinic.finds("Bot token wrong Slack refuses it: HTTP 503")


LINES = [json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines()]
#: Sent as files, which have no blocks.
FILES = {"calendar_file", "guidance_entry", "invite", "joint_entry", "report_sheet", "roster_page"}


def test_every_message_and_every_form_is_among_them() -> None:
    """But of what people meet only when Slack or a machine fails."""
    kinds = {f"kind {kind}" for kind in KINDS} - {f"kind {kind}" for kind in FILES}
    there = {f"kind {name}" for what, name, _ in LINES if what == "message"}
    there |= {f"callback_id {shown.get('callback_id')}" for what, _, shown in LINES if what == "view"}
    assert {*kinds, *(f"callback_id {form.id}" for form in joined().forms)} - there <= ELSEWHERE.keys()
    assert max(len(json.dumps(shown, ensure_ascii=False)) for _, _, shown in LINES) < limits.VALIDATED


async def shown(samples: Path = SAMPLES) -> list[Finding]:
    """Return the findings when the samples are shown without pauses."""
    return await asyncio.to_thread(lambda: [*examine_blocks(load(Settings), samples, pause=0)])


async def test_slack_is_shown_each_of_them_and_nothing_is_posted(clinic: Clinic) -> None:
    told = clinic.sandbox.faults.add(Fault("ratelimited", "blocks.validate", times=1, retry_after=1))
    taken = f"Slack would accept all {len(LINES)}; nothing was posted"
    assert await shown() == [fine("Messages and forms", taken)]
    assert told.hits == 1
    methods = [call.method for call in clinic.sandbox.workspace.calls]
    assert methods.count("blocks.validate") == len(LINES) + 1
    assert not [m for m in methods if m.startswith(("chat.", "views."))]


@pytest.mark.usefixtures("clinic")
async def test_what_slack_would_refuse_is_told_with_its_place(tmp_path: Path) -> None:
    heading = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    good = {"type": "divider"}
    lines = [["message", "summons", {"blocks": [good, heading]}], ["message", "room", {"blocks": [good]}]]
    other = tmp_path / "other.jsonl"
    other.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    (found,) = await shown(other)
    assert found.state == "wrong", "so that the doctor leaves with 1"
    assert found.found.startswith("Slack would refuse the message summons: ")
    assert "/blocks/1/text/text" in found.found


async def test_a_slack_that_will_not_look_is_no_fault_of_ours(clinic: Clinic) -> None:
    clinic.sandbox.faults.add(Fault("error", "blocks.validate", code="unknown_method", times=-1))
    said = await asyncio.to_thread(clinic.tot, "doctor", "--blocks")
    assert said.code == 0
    assert f"Messages and forms look checked 0 of {len(LINES)}, then: unknown_method" in words(said)

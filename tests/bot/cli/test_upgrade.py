"""`tot upgrade` in a separate checkout, with real git, pip and shell; only `systemctl` is a script."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from storage.schema import NEWEST
from tests.databases import SECRET_KEY

ROOT = Path(__file__).parents[3]
AS = ("-c", "user.name=Kari", "-c", "user.email=kari@kommune.example", "-c", "commit.gpgsign=false")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason="only root may be another user")]


class Machine:
    """A checkout with an environment, settings, and a `systemctl` that records its arguments."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.told, self.settings = folder / "tot", folder / "told", folder / "tot.env"
        self.run("git", "clone", "--quiet", str(ROOT), str(self.checkout))
        self.run(sys.executable, "-m", "venv", "--without-pip", str(self.checkout / ".venv"))
        purelib = next(self.checkout.glob(".venv/lib/*/site-packages"))
        # The locked dependencies are already installed; nothing is fetched.
        (purelib / "there.pth").write_text(sysconfig.get_path("purelib"))
        self.pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
        systemctl = self.checkout / ".venv" / "bin" / "systemctl"
        pid = f"$(cat {self.settings}.pid)"
        # Like systemd's, it fails where the bot does not come up; meanwhile the terminal is closed.
        systemctl.write_text(
            f'#!/bin/sh\necho "$@" >> {self.told}\nkill -HUP {pid}\nkill -INT {pid}\n'
            f'[ "$1" = stop ] || [ ! -e {folder}/down ]\n'
        )
        systemctl.chmod(0o755)
        (folder / "backups").mkdir()
        self.settings.write_text(
            f'DATABASE_URL="sqlite:///{folder}/tot.db"\nTOT_SECRET_KEY="{SECRET_KEY}"\n'
            f'TOT_BACKUP_DIR="{folder}/backups"\n'
            'SLACK_BOT_TOKEN="xoxb-1-abcdefgh"\nSLACK_APP_TOKEN="xapp-1-A1-2-abcdefgh"\n'
        )
        self.database = folder / "tot.db"

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        here = self.checkout if self.checkout.exists() else None
        return subprocess.run(command, cwd=here, capture_output=True, text=True, check=check)

    def pip(self, *arguments: str) -> None:
        self.run(str(self.checkout / ".venv/bin/python"), "-m", "pip", *arguments)

    def tot(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        shell = f'echo $$ > {self.settings}.pid; set -a; . {self.settings}; exec .venv/bin/tot "$@"'
        return self.run("bash", "-c", shell, "tot", *arguments, check=False)

    def releases(self, tag: str, file: str, text: str) -> None:
        (self.checkout / file).write_text(text)
        self.run("git", "add", file)
        self.run("git", *AS, "commit", "--quiet", "-m", tag)
        self.run("git", "tag", tag)

    def upgrades(self, tag: str) -> subprocess.CompletedProcess[str]:
        self.told.unlink(missing_ok=True)
        return self.tot("upgrade", tag, "--settings", str(self.settings), "--user", "root")

    def unreadable(self) -> str:
        """Return every program file that the bot's user, who is not root, cannot read."""
        return self.run(
            *("find", ".", "-path", "./.git", "-prune", "-o", "-name", "__pycache__", "-prune"),
            *("-o", "-not", "-perm", "-o=r", "-print"),
        ).stdout

    def at(self) -> str:
        return self.run("git", "describe", "--tags", "--always").stdout.strip()


_NEXT = f"{int(NEWEST) + 1:04}"
_REVISION = f"storage/migrations/versions/{_NEXT}_next.py"
_MIGRATES = f"""
from alembic import op

revision, down_revision = "{_NEXT}", "{NEWEST}"


def upgrade():
    op.execute("CREATE TABLE half (id INTEGER)")
"""
_TAKES_AWAY = "\n\nWanted.unwanted = lambda *_: iter([Kind.SUMMONS])\n"


def test_an_upgrade_backs_up_migrates_and_starts_and_one_that_fails_changes_nothing(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.tot("migrate").returncode == 0
    partners = machine.checkout / "partners.example.toml"
    assert machine.tot("partners", "import", str(partners)).returncode == 0
    machine.run("git", "tag", "v1")
    machine.releases("v2", "NEWS", "something new\n")
    machine.releases("v3", _REVISION, f"{_MIGRATES}    raise LookupError\n")
    machine.releases("v4", _REVISION, _MIGRATES)
    wanted = "handlers/delivery/wanted.py"
    machine.releases("v5", wanted, (ROOT / wanted).read_text("utf-8") + _TAKES_AWAY)
    machine.run("git", "checkout", "--quiet", "v1")

    said = machine.upgrades("v2")
    assert (said.returncode, machine.at()) == (0, "v2"), said.stdout + said.stderr
    assert machine.told.read_text() == "stop tot\nstart tot\n"
    assert len(list((tmp_path / "backups").glob("before-*.backup"))) == 1
    assert machine.unreadable() == ""

    for backup in (tmp_path / "backups").iterdir():
        backup.rename(tmp_path / "kept")
    for mistaken, why in {"v3": "LookupError", "v5": "would delete messages in Slack"}.items():
        said = machine.upgrades(mistaken)
        assert (said.returncode, machine.at()) == (1, "v2"), said.stdout + said.stderr
        assert why in said.stderr
        assert "The old version is running again" in said.stderr
        assert machine.told.read_text() == "stop tot\nstart tot\n"
        assert machine.tot("partners", "export", "-").returncode == 0, "the database is as it was"
        assert machine.unreadable() == ""

    backups, down = tmp_path / "backups", tmp_path / "down"
    down.touch()
    backups.rename(tmp_path / "full")
    said = machine.upgrades("v4")
    assert (said.returncode, machine.at()) == (1, "v2"), "no backup can be made"
    assert "The bot is stopped. Fix that, then: git checkout" in said.stderr
    backups.mkdir()
    said = machine.upgrades("v4")
    assert "v4 is installed but does not start" in said.stderr
    assert "docs/operate.md, «Upgrade», with before-" in said.stderr
    assert "Traceback" not in said.stderr
    assert machine.tot("restore", "--rehearse", str(tmp_path / "kept")).returncode == 0, (
        "an earlier version's"
    )

    settings = machine.settings.read_text()
    machine.settings.write_text(settings.replace("TOT_BACKUP_DIR", "BACKUPS"))
    for tag, why in {"v6": "rev-parse", "v5": "TOT_BACKUP_DIR: is missing"}.items():
        said = machine.upgrades(tag)
        assert (said.returncode, machine.told.exists()) == (1, False), "nothing has been stopped"
        assert why in said.stderr
        assert "Nothing has been stopped" in said.stderr

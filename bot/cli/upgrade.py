"""`tot upgrade VERSION`: move a checkout under systemd to another version, or go back to the old one."""

from __future__ import annotations

import shlex
import subprocess
from datetime import datetime
from pathlib import Path

from bot.cli.console import fail, say

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"
_PIP = f"{PYTHON} -m pip install --quiet --disable-pip-version-check --require-hashes -r"


def upgrade(version: str, *, settings: Path, user: str, takes_away: bool) -> None:
    """Stop, back up, install the version, migrate, start. If a step fails, the old version runs again.

    A version that would delete messages in Slack for no reason is refused, unless `takes_away`.
    """
    if not (ROOT / ".git").exists():
        raise fail(
            f"{ROOT} is not a checkout: install the new wheel, then run `tot migrate` (docs/operate.md)"
        )
    try:
        before = _run("git rev-parse HEAD")
        _run("git fetch --quiet --tags")
        wanted = _run(f"git rev-parse --verify {shlex.quote(version)}^{{commit}}")
    except subprocess.CalledProcessError as error:
        raise fail(f"{version} cannot be fetched: {_told(error)}. Nothing has been stopped") from None
    backup = f"before-{datetime.now().astimezone():%Y-%m-%d-%H%M}.backup"
    shell = f"set -a; . {shlex.quote(str(settings))}"
    try:
        _run("systemctl stop tot")
        _run(f'{shell}; tot backup "$TOT_BACKUP_DIR/{backup}"', user)
        _install(wanted)
        _run(f"{shell}; tot migrate", user)
        if not takes_away:
            _run(f"{shell}; tot doctor --standing", user)
    except subprocess.CalledProcessError as error:
        say(_told(error))
        say("Going back to the old version.")
        try:
            _install(before)
            _run("systemctl start tot")
        except subprocess.CalledProcessError as again:
            back = (
                f"git checkout {before[:12]}, the pip lines of docs/install.md, 1, and `systemctl start tot`"
            )
            migrated = f"If the database was migrated: docs/operate.md, «Upgrade», with {backup}."
            raise fail(f"{_told(again)}\nThe bot is stopped. Fix that, then: {back}\n{migrated}") from None
        raise fail(
            "The old version is running again. A migration is applied completely or not at all."
        ) from None
    try:
        _run("systemctl start tot")
    except subprocess.CalledProcessError as error:
        see = "`journalctl -u tot` and `tot doctor` say why. To go back: docs/operate.md, «Upgrade»"
        raise fail(
            f"{version} is installed but does not start: {_told(error)}\n{see}, with {backup}"
        ) from None
    say(f"{version} is running. Delete {backup} in TOT_BACKUP_DIR once you will not go back.")
    say("Next: `tot doctor`, and `tot doctor --blocks`.")


def _install(commit: str) -> None:
    lock = "sed -n '/^setuptools==/,/[^\\\\]$/p' requirements-release.txt"
    _run(f"git checkout --quiet {commit}")
    _run(f"{_PIP} requirements.txt && {lock} | {_PIP} /dev/stdin")
    _run(f"{PYTHON} -m pip install --quiet --no-deps --no-build-isolation --no-index -e .")
    _run(f"{PYTHON} -m compileall -q .venv bot handlers storage || true")


def _told(error: subprocess.CalledProcessError) -> str:
    return f"`{error.cmd}` failed: {error.stderr.strip() or error.stdout.strip() or error.returncode}"


def _run(command: str, user: str | None = None) -> str:
    """Run one line of bash in the checkout, as another user where one is named; return what it prints."""
    who = ["runuser", "-u", user, "--"] if user is not None else []
    path = f"PATH={PYTHON.parent}:$PATH; {command}"
    done = subprocess.run(  # noqa: S603
        [*who, "/bin/bash", "-euo", "pipefail", "-c", path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        # `tot` sets a private umask, but root installs the program here and the bot's user has to read it.
        umask=0o022,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done.stdout.strip()

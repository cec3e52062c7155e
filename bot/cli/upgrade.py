"""`tot upgrade VERSION`: a checkout that runs under systemd goes to another version, or stays as it was."""

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
    """Stop, back up, take the version, migrate, start. What fails leaves the old program running.

    One that would take away what stands in Slack, for no reason, fails unless it `takes_away`.
    """
    if not (ROOT / ".git").exists():
        raise fail(f"{ROOT} is no checkout: install the new wheel, and `tot migrate` (docs/operate.md)")
    try:
        before = _run("git rev-parse HEAD")
        _run("git fetch --quiet --tags")
        wanted = _run(f"git rev-parse --verify {shlex.quote(version)}^{{commit}}")
    except subprocess.CalledProcessError as error:
        raise fail(f"{version} cannot be had: {_told(error)}. Nothing has been stopped") from None
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
        say("Going back to the version that was.")
        try:
            _install(before)
            _run("systemctl start tot")
        except subprocess.CalledProcessError as again:
            back = (
                f"git checkout {before[:12]}, and the pip lines of docs/install.md, 1; `systemctl start tot`"
            )
            raise fail(f"{_told(again)}\nThe bot is stopped. When that is mended: {back}") from None
        raise fail("The old version runs. A migration is done wholly or not at all.") from None
    try:
        _run("systemctl start tot")
    except subprocess.CalledProcessError as error:
        see = "`journalctl -u tot` and `tot doctor` say why; the way back: docs/operate.md, «Upgrade»"
        raise fail(
            f"{version} is in place and does not start, {_told(error)}\n{see}, with {backup}"
        ) from None
    say(f"{version} runs. Delete {backup} in TOT_BACKUP_DIR when you will not go back any more.")
    say("Next: `tot doctor`, and `tot doctor --blocks`.")


def _install(commit: str) -> None:
    """Bring checkout and environment to this commit."""
    lock = "sed -n '/^setuptools==/,/[^\\\\]$/p' requirements-release.txt"
    _run(f"git checkout --quiet {commit}")
    _run(f"{_PIP} requirements.txt && {lock} | {_PIP} /dev/stdin")
    _run(f"{PYTHON} -m pip install --quiet --no-deps --no-build-isolation --no-index -e .")
    _run(f"{PYTHON} -m compileall -q .venv bot handlers storage || true")


def _told(error: subprocess.CalledProcessError) -> str:
    """The command that failed, and its own words."""
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
        # The command line keeps what it writes to itself; the program is root's, and the bot's user reads it.
        umask=0o022,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done.stdout.strip()

"""`tot upgrade VERSION`: move a checkout under systemd to another version, or go back to the old one."""

from __future__ import annotations

import shlex
import signal
import subprocess
from datetime import datetime
from pathlib import Path

from bot.cli.console import fail, say

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"
_PIP = f"{PYTHON} -m pip install --quiet --disable-pip-version-check --require-hashes -r"


def upgrade(version: str, *, settings: Path, user: str, takes_away: bool) -> None:
    """Stop, back up, install the version, try it on the backup, migrate, start.

    If a step fails, the old version runs again, on a database that nothing has changed. A version that would
    delete messages in Slack for no reason is refused, unless `takes_away`.
    """
    if not (ROOT / ".git").exists():
        raise fail(f"{ROOT} is not a checkout: docs/operate.md, «Upgrade», says what to do by hand")
    shell = f"set -a; . {shlex.quote(str(settings))}"
    try:
        before = _run("git rev-parse HEAD")
        _run("git fetch --quiet --tags")
        wanted = _run(f"git rev-parse --verify {shlex.quote(version)}^{{commit}}")
        _run(f'{shell}; : "${{TOT_BACKUP_DIR:?is missing}}"', user)
    except subprocess.CalledProcessError as error:
        raise fail(f"{_told(error)}\nNothing has been stopped.") from None
    # A terminal that is closed, or Ctrl-C, would leave the bot stopped.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, lambda *_: None)
    backup = f"before-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.backup"
    try:
        _run("systemctl stop tot")
        _run(f'{shell}; tot backup "$TOT_BACKUP_DIR/{backup}"', user)
        _install(wanted)
        if not takes_away:
            _run(f'{shell}; tot restore --rehearse "$TOT_BACKUP_DIR/{backup}"', user)
        _run(f"{shell}; tot migrate", user)
    except subprocess.CalledProcessError as error:
        try:
            _install(before)
            _run("systemctl start tot")
        except subprocess.CalledProcessError as again:
            back = f"git checkout {before[:12]}, the pip lines of docs/install.md, 1, `systemctl start tot`"
            raise fail(
                f"{_told(error)}\n{_told(again)}\nThe bot is stopped. Fix that, then: {back}"
            ) from None
        kept = f"{backup} in TOT_BACKUP_DIR, if it was made, can be deleted"
        raise fail(f"{_told(error)}\nThe old version is running again on the same data. {kept}.") from None
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

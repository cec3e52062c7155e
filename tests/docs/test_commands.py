"""Every command of README and docs is run: here, by `.ci/run`, or it stands below with what it needs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.console import FORBIDDEN
from bot.settings import HOW
from tests.databases import SECRET_KEY

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page.relative_to(ROOT).as_posix()
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    if "```sh\n" in page.read_text("utf-8")
)
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.S | re.M)

#: Why a command cannot be run here, or what runs it → how such commands begin.
ELSEWHERE = {
    "a registry": ("git clone", "apt-get"),
    "tests/bench runs every part small": ("make bench",),
    "tests/docs/test_pages.py does the same": ("make docs", ".venv/bin/python -m tests."),
    "every other target does it first": ("make install",),
    "`make test` or `make test-slow` with other arguments": ("make test ARGS", "make test-slow ARGS"),
    "`make test` runs these and more": ("TOT_LONG_SEQUENCES", ".venv/bin/python -m pytest"),
    "half an hour and more; tests/campaign/test_campaign.py": (".venv/bin/python -m tests.campaign",),
    "root, and a machine of its own": ("useradd", "ln -s", "runuser", "install"),
    "the end of an installation": ("find /srv/tot-keys", "rm -r /etc/tot", "userdel"),
    "tests/bot/cli/test_upgrade.py, and tests/test_release.py": (
        *("git checkout", "python3 -m venv", ".venv/bin/pip", ".venv/bin/python -m compileall", "sed -n"),
    ),
    "an editor": ("nano",),
    "systemd; tests/bot/cli/test_upgrade.py": ("systemctl", "tot upgrade", "cd /opt/tot"),
    "Slack; tests/bot/cli/test_doctor.py": ("tot doctor",),
    "a running bot; tests/e2e/test_pulse.py": ("tot healthcheck",),
    "another machine; tests/bot/cli/test_key_places.py": ("tot keys import",),
    "asks at a terminal; tests/storage/test_backup.py and test_released.py": ("tot restore",),
}
BEGINNINGS = tuple(beginning for each in ELSEWHERE.values() for beginning in each)


def commands(page: str) -> list[str]:
    """Each line of the page's shell blocks, without what is said behind it."""
    lines = "".join(_BLOCK.findall((ROOT / page).read_text("utf-8"))).splitlines()
    return [line for each in lines if (line := re.sub(r"(^|\s+)#.*", "", each).strip())]


#: The settings that open something, or tell where it lies.
OPENS = {
    *("TOT_SECRET_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL", "TOT_KEYSTORE"),
    *("TOT_SMTP_URL", "TOT_IMAP_URL"),
}


def by_ci(command: str) -> bool:
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    return bool(re.fullmatch(r"make [a-z-]+", command) and re.search(rf"^{command}\b", run, re.M))


def test_the_units_name_what_there_is() -> None:
    folder = ROOT / "bot" / "data" / "systemd"
    units = {unit.name: unit.read_text("utf-8") for unit in folder.iterdir()}
    assert f"RestartPreventExitStatus={FORBIDDEN}\n" in units["tot.service"]
    for timer in (name for name in units if name.endswith(".timer")):
        assert timer.replace(".timer", ".service") in units
    settings = re.findall(r"^([A-Z_]+)=", units["tot.env"], re.M)
    asked = re.findall(r"\$\{([A-Z_]+)\}", "".join(units.values()))
    assert set(settings) - set(HOW) == set(asked) == {"COPY_TO", "WATCH"}
    for text in (units[name] for name in units if name.endswith(".service") and "/tot " not in units[name]):
        assert set(re.findall(r"UnsetEnvironment=(.*)", text)[0].split()) == OPENS, "another's program"
    folders = set(re.findall(r'="(?:sqlite:///)?(/[^"]+)"', units["tot.env"]))
    writable = ["/var/lib/tot", *re.findall(r"ReadWritePaths=(.*)", units["tot.service"])[0].split()]
    assert [f for f in folders if not any(Path(f).is_relative_to(w) for w in writable)] == []


def test_none_is_listed_in_vain() -> None:
    every = [command for page in PAGES for command in commands(page)]
    assert [b for b in BEGINNINGS if not any(command.startswith(b) for command in every)] == []


@pytest.mark.slow
def test_what_can_be_run_here_runs(tmp_path: Path) -> None:
    """One after the other, as they stand on the pages: what is installed is then operated."""
    every = [command for page in PAGES for command in commands(page)]
    here = [command for command in every if not command.startswith(BEGINNINGS) and not by_ci(command)]
    script = "\n".join(
        [
            "set -euxo pipefail",
            f"tot() {{ {sys.executable} -c 'from bot.cli import main; main()' \"$@\"; }}",
            f"export PYTHONPATH={ROOT} TOT_SECRET_KEY={SECRET_KEY} DATABASE_URL=sqlite:///{tmp_path}/tot.db",
            *(command.replace("/opt/tot", str(ROOT)) for command in here),
        ]
    )
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert {"tot migrate", "tot keys rotate --fields"} <= set(here)

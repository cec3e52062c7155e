"""A release: one version, and a wheel that is complete without a checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.databases import SECRET_KEY

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from git's files, and unpack it in an empty folder."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    copy = ["tar", "--null", "--files-from=-", "--create", "--file=-"]
    archive = subprocess.run(copy, cwd=ROOT, input=files, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--extract", "--directory", source], input=archive, check=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--disable-pip-version-check", "--wheel-dir", out, source], check=True)
    (built,) = out.glob("*.whl")
    assert built.name == f"tot_bot-{VERSION}-py3-none-any.whl"
    unpacked = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(built) as archived:
        archived.extractall(unpacked)
    return unpacked


def tot(wheel: Path, folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """Run `tot` from the unpacked wheel in a folder without the source."""
    here = f"import bot; assert bot.__file__.startswith({str(wheel)!r})"
    run = f"{here}; from bot.cli import main; main()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TOT_", "SLACK_", "DATABASE_"))}
    done = subprocess.run(
        [sys.executable, "-P", "-c", run, *arguments],
        cwd=folder,
        env={**environment, **settings, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_version_is_told_and_its_changes_too(wheel: Path, tmp_path: Path) -> None:
    assert tot(wheel, tmp_path, "--version") == (0, f"tot {VERSION}\n", "")
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest is not None
    assert newest[1] == VERSION


def test_the_wheel_is_whole(wheel: Path, tmp_path: Path) -> None:
    code, printed, _ = tot(wheel, tmp_path, "manifest")
    assert (code, printed) == (0, (ROOT / "manifest.yaml").read_text("utf-8"))
    settings = {"TOT_SECRET_KEY": SECRET_KEY, "DATABASE_URL": f"sqlite:///{tmp_path}/tot.db"}
    for arguments in (
        ("migrate",),
        ("partners", "import", "--yes", str(wheel / "bot" / "data" / "partners.example.toml")),
        ("partners", "export", "partners.toml"),
    ):
        code, _, said = tot(wheel, tmp_path, *arguments, **settings)
        assert code == 0, (arguments, said)
    assert "Barnevernvakten" in (tmp_path / "partners.toml").read_text("utf-8")
    samples = Path("bot", "data", "samples.jsonl")
    assert (wheel / samples).read_bytes() == (ROOT / samples).read_bytes()
    code, said, errors = tot(wheel, tmp_path, "doctor", **settings)
    assert code == 1, "there are no tokens"
    assert "SLACK_BOT_TOKEN" in said + errors
    assert "Traceback" not in said + errors


def test_the_wheel_has_no_demo_and_says_where_there_is_one(wheel: Path, tmp_path: Path) -> None:
    assert not (wheel / "sandbox").exists()
    assert not (wheel / "bot" / "cli" / "demo").exists()
    assert (wheel / "bot" / "data" / "systemd" / "tot.service").exists()
    code, _, said = tot(wheel, tmp_path, "demo", "--exit")
    assert code == 1
    assert said.count("\n") == 1
    assert "make demo" in said

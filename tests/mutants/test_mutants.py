"""A module made up, with three mutants, and a test that notices two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[2]
ENTRY = "bot/domain/door.py:may_enter"


def test_what_a_test_notices_is_told_from_what_it_does_not(tmp_path: Path) -> None:
    for folder in ("bot/domain", "tests/old", "data"):
        (tmp_path / folder).mkdir(parents=True)
    for package in ("bot", "bot/domain"):
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "bot/domain/door.py").write_text(
        "def may_enter(age: int, accompanied: bool) -> bool:\n    return age >= 18 or accompanied\n"
    )
    (tmp_path / "tests/old/test_door.py").write_text(
        "import subprocess, sys\n"
        "def test_alone() -> None:\n"
        "    from bot.domain.door import may_enter\n"
        "    assert may_enter(30, False) and not may_enter(17, False)\n"
        "def test_in_a_process() -> None:\n"
        "    asked = 'from bot.domain.door import may_enter; print(may_enter(18, False))'\n"
        "    assert b'True' in subprocess.check_output([sys.executable, '-c', asked])\n"
    )
    environment = {
        **os.environ,
        "MUTANTS_ROOT": str(tmp_path),
        "PYTHONPATH": str(HERE),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
    }

    def told(*arguments: str) -> str:
        command = [sys.executable, "-m", "tests.mutants", *arguments, "--data", str(tmp_path / "data")]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout

    said = told("run", "old")
    assert f"{ENTRY}:gte-gt:1\n    old: killed by tests/old/test_door.py::test_in_a_process" in said
    assert f"{ENTRY}:or-and:1\n    old: killed by tests/old/test_door.py::test_alone" in said
    assert f"{ENTRY}:plus-one:1\n    old: killed by" in said

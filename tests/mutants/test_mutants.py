"""A made-up module with three mutants, and tests that notice two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DOOR = """
def may_enter(age: int, accompanied: bool) -> bool:
    return age > 17 or accompanied
"""
TESTS = """
import subprocess, sys
from bot.domain.door import may_enter

def test_here() -> None:
    assert may_enter(30, False) and not may_enter(5, False)

def test_in_a_process() -> None:
    asked = "from bot.domain.door import may_enter; sys.exit(may_enter(18, False))"
    assert subprocess.call([sys.executable, "-c", f"import sys; {asked}"]) == 1
"""
#: In the order of their names.
SAID = """
bot/domain/door.py:may_enter:gt-gte:1
    survives 2 tests
bot/domain/door.py:may_enter:or-and:1
    killed by tests/old/test_door.py::test_here
bot/domain/door.py:may_enter:plus-one:1
    killed by tests/old/test_door.py::test_in_a_process
"""


def test_what_tests_notice_is_told_from_what_they_do_not(tmp_path: Path) -> None:
    files = {"bot/__init__.py": "", "bot/domain/__init__.py": "", "bot/domain/door.py": DOOR}
    for path, text in {**files, "tests/old/test_door.py": TESTS}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    root = {"MUTANTS_ROOT": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "run", "old", "--data", str(tmp_path / "data")],
        cwd=tmp_path,
        env=os.environ | alone | root,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    said = [line.partition(" (")[0] for line in run.stdout.splitlines()]
    assert said[-6:] == SAID.strip().splitlines()

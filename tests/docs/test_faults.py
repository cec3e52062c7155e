"""Each row of the table of faults in docs/reliability.md has its test, and names what the program logs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def rows() -> list[list[str]]:
    """Return the rows: fault, what the start says, log, health, doctor, tests; «–» where there is nothing."""
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    table = page.partition("## What a fault looks like\n")[2].partition("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in re.findall(r"^\|.*", table, re.M)[2:]]


def test_every_row_has_a_test_that_is_there() -> None:
    for fault, *_, tests in rows():
        named = re.findall(r"`([^`]+)::(\w+)`", tests)
        assert named, f"«{fault}» has no test"
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{file} has no {test}"


def test_what_is_logged_is_what_the_program_logs() -> None:
    files = [path for root in ("bot", "handlers", "storage") for path in (ROOT / root).rglob("*.py")]
    code = "".join(path.read_text("utf-8") for path in files)
    for fault, _, logged, *_ in rows():
        for event in re.findall(r"`([a-z.-]+)`", logged):
            assert f'"{event}"' in code, f"«{fault}»: nothing logs {event}"

"""The table of faults in docs/reliability.md is what tests hold, and every row has one."""

from __future__ import annotations

import re

from tests.faults import FAULTS, PAGE, ROOT, rows, written


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "`python -m tests.faults` writes it"
    assert all(f"| {row[0]} |" in page for row in rows())


def test_every_row_has_a_test_that_is_there() -> None:
    for row in rows():
        named = re.findall(r"`([^`]+)::(\w+)`", row[-1])
        assert named, f"«{row[0]}» has no test"
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{file} has no {test}"


def test_what_is_logged_is_what_the_program_logs() -> None:
    files = [path for root in ("bot", "handlers", "storage") for path in (ROOT / root).rglob("*.py")]
    code = "".join(path.read_text("utf-8") for path in files)
    for fault in FAULTS:
        for event in re.findall(r"`([a-z.-]+)`", fault.log):
            assert f'"{event}"' in code, f"«{fault.name}»: nothing logs {event}"

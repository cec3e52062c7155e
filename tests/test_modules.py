"""No module is too long to read in one go."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "handlers", "storage", "sandbox", "bench", "tests")
#: CONTRIBUTING.md has this limit.
TOO_LONG = 600


def test_every_module_is_shorter_than_600_lines() -> None:
    found = {
        path: len(path.read_text("utf-8").splitlines()) for f in FOLDERS for path in (ROOT / f).rglob("*.py")
    }
    assert found
    assert not {str(path.relative_to(ROOT)): n for path, n in found.items() if n >= TOO_LONG}

"""Running `tot` as an operator does, in this process and in a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import HOW
from tests.databases import SECRET_KEY

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Said:
    """How a command left, and what it said."""

    code: int
    out: str
    err: str


Tot = Callable[..., Said]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own environment."""
    for name in HOW:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOT_SECRET_KEY", SECRET_KEY)


@pytest.fixture
def tot(capsys: pytest.CaptureFixture[str]) -> Tot:
    def run(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    return run


def in_a_terminal(arguments: Sequence[str], answer: str = "") -> Said:
    """Run a command in a process with a terminal at which `answer` is typed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={**os.environ, "TERM": "dumb"},
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    shown = "".join(_read_all(ours))
    os.close(ours)
    return Said(process.wait(), shown, "")


def _read_all(descriptor: int) -> Iterator[str]:
    while True:
        try:
            data = os.read(descriptor, 4096)
        except OSError:  # Linux says so when the other end is closed
            return
        if not data:
            return
        yield data.decode(errors="replace")

"""The tests' tools: `every` passes no failure, and the log watch finds what it must."""

from __future__ import annotations

import pytest
import structlog

from tests.every import every
from tests.watched import leaks, lines_of


@every("number", [1, 2, 3, 4])
def is_odd(number: int) -> None:
    assert number % 2 == 1


@every(("first", "second"), [])
def nothing(first: int, second: int) -> None: ...


def test_each_value_that_fails_is_told() -> None:
    with pytest.raises(ExceptionGroup, match="2 of 4 failed") as failed:
        is_odd()
    assert [error.__notes__ for error in failed.value.exceptions] == [["with number=2"], ["with number=4"]]


def test_no_values_are_no_success() -> None:
    with pytest.raises(AssertionError, match="nothing to try"):
        nothing()


@pytest.mark.parametrize(
    "text",
    ["U0POLITIEXIT", "exit@politi.example", "xoxb-1", "Kanarifugl", "Møterom Nord", "<@x>", "rom-k7f3"],
)
def test_it_finds_what_is_logged(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().debug("started", text=text)
    assert len(leaks(capsys.readouterr().out)) == 1
    assert len(leaks(f'{{"event": "started", "text": "{text}"}}\n')) == 1


def test_it_leaves_alone_what_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("started", row=7, error="ValueError")
    said = capsys.readouterr().out
    assert len(list(lines_of(said))) == 1
    assert leaks(said) == []
    assert leaks("@koordinator reads: U0POLITIEXIT\n") == []

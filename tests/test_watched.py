"""The watch over the logs sees what it is to see."""

from __future__ import annotations

import pytest
import structlog

from tests.watched import leaks, lines_of


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

"""Logs: only what is listed, whoever logs it, at whatever level."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.cli.rehearsal import rehearse
from bot.logs import FIELDS, TALKATIVE, set_up
from sandbox.exercises import EXERCISES
from tests.databases import sqlite_url

CANARIES = ("U0CANARY1", "Kari Nordmann", "kari@tot.example", "ring meg på 55 55 55 55", "xoxb-1-abc")


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    """Every logger at DEBUG, and put back afterwards."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    root.setLevel(logging.DEBUG)
    for name in TALKATIVE:
        # An earlier test may have had them quietened.
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    return said.out + said.err


@pytest.mark.parametrize("canary", CANARIES)
def test_what_is_not_listed_is_dropped(capsys: pytest.CaptureFixture[str], canary: str) -> None:
    set_up(json=True, level="DEBUG")
    log = structlog.get_logger()
    log.error("delivery.failed", error=ValueError.__name__, row=7, text=canary, user=canary)
    log.debug(canary, code=canary, error=canary, reference=canary, at=f"x {canary}")
    log.bind(name=canary).info("started")
    library = logging.getLogger("slack_sdk.web")
    library.debug("sending %s", canary)
    library.warning(canary)
    try:
        raise ValueError(canary)
    except ValueError:
        library.exception("body: %s", {"text": canary})
    text = logged(capsys)
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0].items() >= {"event": "delivery.failed", "error": "ValueError", "row": 7}.items()
    assert {"event": "library", "logger": "slack_sdk", "error": "ValueError"}.items() <= lines[-1].items()
    assert {name for line in lines for name in line} <= FIELDS
    assert canary not in text


@pytest.mark.parametrize("as_json", [True, False])
async def test_an_exercise_at_debug_tells_nothing(
    tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str], as_json: bool
) -> None:
    url = sqlite_url(tmp_path_factory.mktemp("log") / "tot.db")
    set_up(json=as_json, level="DEBUG")
    exercise = EXERCISES["forste-sak"]
    async with rehearse(url, starts=exercise.STARTS) as rehearsal:
        # What the bot quietens is loud again, as an operator may make it.
        for name in list(logging.root.manager.loggerDict):
            logging.getLogger(name).setLevel(logging.DEBUG)
        await exercise.play(rehearsal.stage)
        workspace = rehearsal.stage.box.workspace
        secret = {*workspace.users, *(c.id for c in workspace.channels.values())}
        secret |= {"xoxb-", "xapp-"}
        texts = {
            m.text
            for channel in workspace.channels.values()
            for m in channel.messages.values()
            if len(m.text) > 12
        }
    text = "".join(capfd.readouterr())
    assert "library" in text
    assert [s for s in secret | texts if s in text] == []

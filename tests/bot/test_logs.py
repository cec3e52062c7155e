"""Logs: only listed fields, from any logger, at any level."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.cli.demo import rehearse
from bot.logs import FIELDS, TALKATIVE, set_up
from sandbox.exercises import EXERCISES
from tests.handlers.reading import texts_of

CANARIES = ("U0CANARY1", "Kari Nordmann", "kari@tot.example", "ring meg på 55 55 55 55", "xoxb-1-abc")


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    """Set every logger to DEBUG, and restore it afterwards."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    root.setLevel(logging.DEBUG)
    for name in TALKATIVE:
        # An earlier test may have silenced them.
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    for name in list(logging.root.manager.loggerDict):
        # New loggers had no level.
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    logging.captureWarnings(False)
    structlog.reset_defaults()


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
    text = "".join(capsys.readouterr())
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0].items() >= {"event": "delivery.failed", "error": "ValueError", "row": 7}.items()
    assert {"event": "library", "logger": "slack_sdk", "error": "ValueError"}.items() <= lines[-1].items()
    assert {name for line in lines for name in line} <= FIELDS
    assert canary not in text


@pytest.mark.parametrize("json", [True, False])
async def test_at_debug_nothing_is_told(
    sqlite_database_url: str, capfd: pytest.CaptureFixture[str], json: bool
) -> None:
    set_up(json=json, level="DEBUG")
    exercise = EXERCISES["vil-ikke"]
    async with rehearse(sqlite_database_url, starts=exercise.STARTS) as rehearsal:
        # An operator may re-enable loggers that the bot silences.
        for name in list(logging.root.manager.loggerDict):
            logging.getLogger(name).setLevel(logging.DEBUG)
        await exercise.play(rehearsal.runner)
        workspace = rehearsal.runner.sandbox.workspace
        secret = {*workspace.users, *(c.id for c in workspace.channels.values())}
        secret |= {"xoxb-", "xapp-"}
        messages = [m for channel in workspace.channels.values() for m in channel.messages.values()]
        texts = {text for m in messages for text in (m.text, *texts_of(m.blocks)) if len(text) > 12}
    logged = "".join(capfd.readouterr())
    assert logged.count("library") > 1000
    assert [s for s in secret | texts if s in logged] == []

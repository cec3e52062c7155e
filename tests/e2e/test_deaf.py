"""Deaf is not silent: whatever happens to the socket, what people do arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot import app
from bot.cli.demo import Rehearsal, rehearse
from handlers.slack import socket
from sandbox.faults import Fault
from tests.e2e import kit

#: The socket's times, in seconds, shortened.
QUICK = {"HANDSHAKE": 1.0, "PING": 0.6, "QUIET": 1.0, "SHORTEST": 0.01, "LONGEST": 0.3, "LASTED": 0.5}


@pytest.fixture
async def stage(sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rehearsal]:
    for name, seconds in QUICK.items():
        monkeypatch.setattr(socket, name, seconds)
    settings = replace(kit.quick(), ack_seconds=1.0, retry_delays=(0.0, *(0.5,) * 60))
    async with rehearse(
        sqlite_database_url, starts=kit.STARTS, sandbox=settings, slack_waits=20
    ) as rehearsal:
        await rehearsal.runner.until_idle()
        yield rehearsal


#: The faults of the next handshakes, and of the socket.
WRONG: dict[str, tuple[tuple[Any, ...], Callable[[Any], Any]]] = {
    "cut": (("reset", "reset"), lambda sockets: sockets.drop()),
    "refreshed": (("reset",), lambda sockets: sockets.disconnect()),
    "hanging": (("hang",), lambda sockets: sockets.drop()),
    "without pongs": ((), lambda sockets: sockets.stall()),
    "deaf": ((), lambda sockets: sockets.deafen()),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_nothing_that_slack_sends_again_is_lost(stage: Rehearsal, wrong: str) -> None:
    sandbox, (handshakes, goes_wrong) = stage.runner.sandbox, WRONG[wrong]
    sandbox.sockets.handshakes += handshakes
    happens = goes_wrong(sandbox.sockets)
    if happens is not None:
        await happens
    before = len(sandbox.workspace.deliveries)
    await stage.runner.person("koordinator").opens_home()
    await sandbox.acked()
    assert [sent.acked for sent in sandbox.workspace.deliveries[before:]] == [True]
    assert stage.bot.connected()


async def test_while_it_is_quiet_the_socket_is_replaced_and_no_press_is_lost(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "QUIET", 0.1)
    sandbox, koordinator = stage.runner.sandbox, stage.runner.person("koordinator")
    sandbox.settings.ack_seconds = kit.IN_TIME
    before = sandbox.sockets.tried
    for _ in range(10):
        await koordinator.types("/tot hvem")
        assert stage.bot.connected()
        await asyncio.sleep(0.1)
    assert sandbox.sockets.tried > before


async def test_who_is_shut_out_does_not_hammer(stage: Rehearsal) -> None:
    sockets = stage.runner.sandbox.sockets
    before, began = sockets.tried, time.monotonic()
    sockets.full = True
    sockets.drop()
    await kit.until(lambda: sockets.tried >= before + 8)
    # Each pause is twice the previous one.
    assert time.monotonic() - began > socket.SHORTEST * 2**6
    assert not stage.bot.connected()
    sockets.full = False
    await sockets.connected()
    await stage.runner.person("koordinator").types("/tot hvem")


async def test_the_app_that_is_taken_out_of_the_workspace_is_noticed(
    sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where nobody is written to, and so nothing is refused."""
    monkeypatch.setattr(app, "TOKEN_CHECKED_EVERY", 0.1)
    async with rehearse(sqlite_database_url, sandbox=kit.quick()) as quiet:
        gone = quiet.runner.sandbox.faults.add(Fault("error", "auth.test", times=-1, code="account_inactive"))
        await kit.until(lambda: quiet.bot.slack_refusal() is not None)
        state = await quiet.bot.health.state()
        assert "slack: account_inactive: nothing is delivered" in str(state["reasons"])
        quiet.runner.sandbox.faults.remove(gone)
        await kit.until(lambda: quiet.bot.slack_refusal() is None)
    assert "slack.unusable" in capsys.readouterr().out

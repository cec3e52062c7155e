"""Socket Mode: hello, pings, disconnects, ten sockets, redelivery, acknowledgements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox import Person, Sandbox, Settings
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, could_not


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def connect(sandbox: Sandbox, http: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    """Return a raw socket after its hello."""
    opened = await Api(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    socket = await http.ws_connect(opened["url"], autoping=False)
    assert (await socket.receive_json())["type"] in ("hello", "disconnect")
    return socket


async def test_a_ticket_is_for_one_connection_of_ten_and_pings_are_echoed(
    sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    opened = await Api(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    socket = await http.ws_connect(opened["url"], autoping=False)
    hello = await socket.receive_json()
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(opened["url"])
    await socket.ping(b"sdk-ping-pong:1234.5")
    pong = await socket.receive()
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1234.5")
    held = [socket, *[await connect(sandbox, http) for _ in range(9)]]
    assert sandbox.sockets.count == len(held)
    opened = await Api(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    eleventh = await http.ws_connect(opened["url"])
    assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
    assert (await eleventh.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert sandbox.sockets.count == 10


async def test_an_event_that_is_not_acknowledged_is_sent_again(
    sandbox: Sandbox, settings: Settings, http: aiohttp.ClientSession
) -> None:
    settings.ack_seconds = 0.05
    socket = await connect(sandbox, http)
    await sandbox.person("udi").writes("hei")
    seen = [await socket.receive_json() for _ in range(3)]
    tried = [(e["retry_attempt"], e["retry_reason"]) for e in seen]
    assert tried == [(0, ""), (1, "timeout"), (2, "timeout")]
    assert len({e["payload"]["event_id"] for e in seen}) == 1
    assert len({e["envelope_id"] for e in seen}) == 3
    await sandbox.acked()
    assert sandbox.workspace.deliveries[0].gave_up


async def test_a_late_acknowledgement_ends_the_redelivery(
    sandbox: Sandbox, settings: Settings, http: aiohttp.ClientSession
) -> None:
    settings.ack_seconds = 0.05
    settings.retry_delays = (600.0,)
    socket = await connect(sandbox, http)
    await sandbox.person("udi").writes("hei")
    envelope = await socket.receive_json()
    await asyncio.sleep(0.1)
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await sandbox.acked(within=60.0)
    assert len(sandbox.workspace.deliveries[0].attempts) == 1


async def test_everything_twice_and_at_once_and_what_is_old_once_more(
    sandbox: Sandbox, bot: LittleBot, udi: Person
) -> None:
    async def answer(ack: Any) -> None:
        await ack(f"takk {len(bot.commands())}")

    bot.app.command("/tot")(answer)
    bot.answers_events()
    sandbox.workspace.deliver_twice = True
    await udi.types("/tot hjelp")
    await udi.writes("hei")
    await sandbox.acked()
    first, second = bot.commands()
    assert first["trigger_id"] == second["trigger_id"]
    assert len(bot.events("message")) == 2
    typed, written = sandbox.workspace.deliveries
    assert [len(typed.attempts), len(written.attempts)] == [2, 2]
    (shown,) = [text for text in udi.reads("generelt") if text.startswith("takk")]
    assert (typed.name, typed.acked, typed.answer) == ("/tot", True, {"text": shown})
    after = typed.attempts[0].acked_after
    assert after is not None
    assert after < 20.0
    sandbox.workspace.deliver_twice = False
    again = await sandbox.sockets.replay(written)
    assert again.acked
    assert len({body["event_id"] for body in bot.bodies if "event_id" in body}) == 1
    assert len(bot.events("message")) == 3


async def test_what_is_not_acknowledged_is_told_to_the_person_or_to_who_waits(
    sandbox: Sandbox, settings: Settings, udi: Person
) -> None:
    await could_not(udi.types("/tot"), "dispatch_failed")
    await udi.writes("hei")
    with pytest.raises(TimeoutError, match="message"):
        await sandbox.acked(within=0.05)
    async with LittleBot(sandbox) as bot:

        async def silent() -> None:
            pass

        bot.app.command("/tot")(silent)
        bot.answers_events()
        await sandbox.acked()
        assert bot.events("message")[0]["text"] == "hei", "it has waited for the first socket"
        assert bot.headers[0]["x-slack-retry-num"] == ["0"]
        settings.ack_seconds = 0.1
        await could_not(udi.types("/tot hjelp"), "/tot failed with the error operation_timeout")
        assert udi.reads("generelt")[-1] == "/tot failed with the error operation_timeout"
        assert "failed" in [moment.kind for moment in sandbox.activity]
        await sandbox.acked()

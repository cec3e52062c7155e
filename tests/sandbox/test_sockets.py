"""Socket Mode: hello, pings, disconnects, ten sockets, redelivery, acknowledgements; a bot that is killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox import MovableClock, Person, Sandbox, Settings
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, could_not, manifest


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def connect(sandbox: Sandbox, http: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    """A raw socket, past its hello."""
    opened = await Api(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    socket = await http.ws_connect(opened["url"], autoping=False)
    assert (await socket.receive_json())["type"] in ("hello", "disconnect")
    return socket


async def test_hello_and_a_ticket_for_one_connection(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    opened = await Api(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    socket = await http.ws_connect(opened["url"])
    hello = await socket.receive_json()
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(opened["url"])


async def test_pings_are_echoed(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    socket = await connect(sandbox, http)
    await socket.ping(b"sdk-ping-pong:1234.5")
    pong = await socket.receive()
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1234.5")


async def test_an_eleventh_socket_is_turned_away(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    held = [await connect(sandbox, http) for _ in range(10)]
    assert sandbox.sockets.count == len(held)
    opened = await Api(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    socket = await http.ws_connect(opened["url"])
    assert (await socket.receive_json())["reason"] == "too_many_websockets"
    assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert sandbox.sockets.count == 10


async def test_envelopes_are_spread_over_the_sockets(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    sockets = [await connect(sandbox, http) for _ in range(3)]
    for number in range(6):
        await sandbox.person("udi").writes(f"nr {number}")
    for socket in sockets:
        for _ in range(2):
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await sandbox.acked()


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


async def test_events_wait_for_the_first_socket(sandbox: Sandbox) -> None:
    await sandbox.person("udi").writes("før boten er oppe")
    async with LittleBot(sandbox) as bot:
        bot.answers_events()
        await sandbox.acked()
        assert bot.events("message")[0]["text"] == "før boten er oppe"
        assert bot.headers[0]["x-slack-retry-num"] == ["0"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_the_client_reconnects_when_asked_to(sandbox: Sandbox, bot: LittleBot, reason: Any) -> None:
    bot.answers_events()
    await sandbox.sockets.disconnect(reason)
    opened = "apps.connections.open"
    calls = sandbox.workspace.calls
    assert await sandbox.workspace.changes.until(lambda: sum(c.method == opened for c in calls) == 2, 60.0)
    await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == 0, 60.0)
    await sandbox.connected()
    await sandbox.person("udi").writes("etterpå")
    await sandbox.acked()
    assert bot.events("message")[-1]["text"] == "etterpå"


async def test_a_socket_cut_off_loses_nothing(sandbox: Sandbox, settings: Settings) -> None:
    settings.ack_seconds = 0.1
    async with LittleBot(sandbox, ping_interval=0.05) as bot:
        bot.answers_events()
        sandbox.sockets.drop()
        await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == 0, 60.0)
        await sandbox.person("udi").writes("mens den var borte")
        await sandbox.acked()
        assert bot.events("message")[-1]["text"] == "mens den var borte"


async def test_everything_twice_and_at_once(sandbox: Sandbox, bot: LittleBot) -> None:
    async def answer(ack: Any) -> None:
        await ack(f"takk {len(bot.commands())}")

    bot.app.command("/tot")(answer)
    bot.answers_events()
    sandbox.workspace.deliver_twice = True
    await sandbox.person("udi").types("/tot hjelp")
    await sandbox.person("udi").writes("hei")
    await sandbox.acked()
    first, second = bot.commands()
    assert first["trigger_id"] == second["trigger_id"]
    assert len(bot.events("message")) == 2
    assert all(len(delivery.attempts) == 2 for delivery in sandbox.workspace.deliveries)
    assert len([text for text in sandbox.person("udi").reads("generelt") if text.startswith("takk")]) == 1
    shown = sandbox.person("udi").reads("generelt")[-1]
    assert sandbox.workspace.deliveries[0].answer == {"text": shown}


async def test_an_old_envelope_can_be_replayed(sandbox: Sandbox, bot: LittleBot) -> None:
    bot.answers_events()
    await sandbox.person("udi").writes("hei")
    await sandbox.acked()
    again = await sandbox.sockets.replay(sandbox.workspace.deliveries[0])
    assert again.acked
    one, two = bot.bodies
    assert one["event_id"] == two["event_id"]


async def test_deliveries_say_how_they_were_acknowledged(sandbox: Sandbox, bot: LittleBot) -> None:
    async def answer(ack: Any) -> None:
        await ack("svar")

    bot.app.command("/tot")(answer)
    await sandbox.person("udi").types("/tot")
    (delivery,) = sandbox.workspace.deliveries
    assert (delivery.name, delivery.acked, delivery.answer) == ("/tot", True, {"text": "svar"})
    after = delivery.attempts[0].acked_after
    assert after is not None
    assert after < 20.0


async def test_a_command_without_acknowledgement_times_out_for_the_person(
    sandbox: Sandbox, bot: LittleBot, settings: Settings, udi: Person
) -> None:
    settings.ack_seconds = 0.1

    async def silent() -> None:
        pass

    bot.app.command("/tot")(silent)
    await could_not(udi.types("/tot hjelp"), "/tot failed with the error operation_timeout")
    assert udi.reads("generelt")[-1] == "/tot failed with the error operation_timeout"
    assert "failed" in [moment.kind for moment in sandbox.activity]
    await sandbox.acked()


async def test_a_command_without_any_socket_fails_at_once(sandbox: Sandbox) -> None:
    await could_not(sandbox.person("udi").types("/tot"), "dispatch_failed")


async def test_acked_says_what_it_waits_for(sandbox: Sandbox) -> None:
    await sandbox.person("udi").writes("hei")
    with pytest.raises(TimeoutError, match="message"):
        await sandbox.acked(within=0.05)


async def test_two_bots_share_the_work(sandbox: Sandbox) -> None:
    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(LittleBot(sandbox)) for _ in range(2)]
        for bot in bots:
            bot.answers_events()
        for number in range(4):
            await sandbox.person("udi").writes(str(number))
        await sandbox.acked()
        assert [len(bot.events("message")) for bot in bots] == [2, 2]


# --- a bot in a process of its own


BOT = """
import asyncio, sys
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sandbox.clock import MovableClock

url, bot_token, app_token, offset = sys.argv[1:]
app = AsyncApp(client=AsyncWebClient(bot_token, base_url=url))

@app.command("/tot")
async def tot(ack):
    await ack(str(MovableClock(offset).offset.days))

@app.event("message")
async def message(event, say):
    await say("du sa " + event["text"])

async def main():
    await AsyncSocketModeHandler(app, app_token).start_async()

asyncio.run(main())
"""


async def start(sandbox: Sandbox, offset: Path) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT, sandbox.api_url, sandbox.bot_token, sandbox.app_token, str(offset)
    )
    await sandbox.connected()
    return process


async def test_a_bot_that_is_killed_and_started_again(tmp_path: Path, settings: Settings) -> None:
    offset = tmp_path / "offset"
    clock = MovableClock(offset)
    async with Sandbox(manifest(), clock=clock, settings=settings) as sandbox:
        process = await start(sandbox, offset)
        clock.move_to(clock.now().replace(year=clock.now().year + 1))
        udi = sandbox.person("udi")
        answer = await udi.types("/tot")
        assert answer is not None
        assert answer.text in ("365", "364", "366")
        process.kill()
        await process.wait()
        await sandbox.workspace.changes.until(lambda: sandbox.sockets.count == 0, 60.0)
        await udi.writes("er du der?")
        await could_not(udi.types("/tot"), "dispatch_failed")
        again = await start(sandbox, offset)
        await udi.sees("du sa er du der?", in_="tot-bot")
        again.terminate()
        await again.wait()

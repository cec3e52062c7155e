"""The bot in a process of its own, killed and started again."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from sandbox import CouldNot, MovableClock, Sandbox, Settings
from tests.sandbox.kit import manifest

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
        with pytest.raises(CouldNot, match="dispatch_failed"):
            await udi.types("/tot")
        again = await start(sandbox, offset)
        await udi.sees("du sa er du der?", in_="tot-bot")
        again.terminate()
        await again.wait()

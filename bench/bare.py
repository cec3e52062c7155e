"""Bare programs that the bot is measured against: `python -m bench.bare acknowledges`, or `posts CHANNEL`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time

URL, TOKEN = os.environ["SLACK_API_BASE_URL"], os.environ["SLACK_BOT_TOKEN"]


async def acknowledges() -> None:
    """Run, until killed, a Bolt app in Socket Mode whose only listener acknowledges `/tot` with a text."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.context.ack.async_ack import AsyncAck
    from slack_sdk.web.async_client import AsyncWebClient

    async def tot(ack: AsyncAck) -> None:
        await ack(text="ok", response_type="ephemeral")

    app = AsyncApp(client=AsyncWebClient(TOKEN, base_url=URL))
    app.command("/tot")(tot)
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


async def posts(channel: str) -> None:
    """Post at the times (UNIX seconds, one per line) on standard input, over one session.

    A message's text is its time of sending, and how many seconds a flush of one page to disk took just
    before: every commit has to wait for one.
    """
    import aiohttp

    activity = [float(line) for line in sys.stdin]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        for moment in activity:
            await asyncio.sleep(moment - time.time())
            flushed = await asyncio.to_thread(_flush)
            body = {"channel": channel, "text": f"{time.time():.6f} {flushed:.6f}"}
            async with session.post(URL + "chat.postMessage", json=body) as answer:
                await answer.read()


def _flush() -> float:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        file.write(bytes(4096))
        file.flush()
        os.fdatasync(file.fileno())
    return time.perf_counter() - began


if __name__ == "__main__":
    asyncio.run(acknowledges() if sys.argv[1] == "acknowledges" else posts(sys.argv[2]))

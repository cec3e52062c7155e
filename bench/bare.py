"""A bare program that the bot is measured against."""

from __future__ import annotations

import asyncio
import os

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


if __name__ == "__main__":
    asyncio.run(acknowledges())

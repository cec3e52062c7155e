"""A little bot on unmodified slack-bolt, like the real one."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox

Body = dict[str, Any]
_quiet = logging.getLogger("little-bot")
_quiet.setLevel(logging.CRITICAL)


async def acknowledge(ack: Any) -> None:
    """Acknowledge, and nothing else."""
    await ack()


class LittleBot:
    """Records every body; tests add listeners to `app` before or after it connects."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.client = AsyncWebClient(
            sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], logger=_quiet
        )
        self.app = AsyncApp(client=self.client, logger=_quiet)
        self.bodies: list[Body] = []
        self.headers: list[dict[str, Any]] = []
        self.app.middleware(self._keep)
        self._handler: Any = AsyncSocketModeHandler(self.app, sandbox.app_token, logger=_quiet)

    async def _keep(self, body: Body, request: Any, next: Callable[[], Awaitable[Any]]) -> None:
        self.bodies.append(body)
        self.headers.append(request.headers)
        await next()

    async def __aenter__(self) -> LittleBot:
        before = self._sandbox.sockets.count
        await self._handler.connect_async()
        await self._sandbox.connected(before + 1)
        return self

    async def __aexit__(self, *_error: object) -> None:
        client = self._handler.client
        await self._handler.close_async()
        for task in (client.message_receiver, client.current_session_monitor, client.message_processor):
            if task is not None:
                task.cancel()
        await asyncio.sleep(0)

    def events(self, kind: str) -> list[Body]:
        """Return the events of this type so far, unwrapped."""
        bodies = (body for body in self.bodies if body.get("type") == "event_callback")
        return [body["event"] for body in bodies if body["event"]["type"] == kind]

    def interactions(self, kind: str) -> list[Body]:
        """Return the interactions of this type so far."""
        return [body for body in self.bodies if body.get("type") == kind]

    def commands(self) -> list[Body]:
        return [body for body in self.bodies if "command" in body]

    def answers_events(self) -> None:
        self.app.event(re.compile("."))(acknowledge)

    def opens(self, view: Body) -> None:

        async def show(ack: Any, body: Body, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        self.app.command("/tot")(show)

    def acknowledges(self, *action_ids: str) -> None:
        for action_id in action_ids:
            self.app.action(action_id)(acknowledge)

    def clicked(self) -> list[Body]:
        return [body["actions"][0] for body in self.interactions("block_actions")]

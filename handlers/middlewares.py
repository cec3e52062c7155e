"""What is turned away at the door: other workspaces, and other bots."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.response import BoltResponse

Next = Callable[[], Awaitable[BoltResponse]]
Middleware = Callable[..., Awaitable[BoltResponse]]


def from_workspace(workspace_id: str | None) -> Middleware:
    """Let in what comes from this workspace; with None, from any."""

    async def own_workspace(body: dict[str, Any], next: Next) -> BoltResponse:
        sender = body.get("team_id") or (body.get("team") or {}).get("id")
        if workspace_id is not None and sender != workspace_id:
            return BoltResponse(status=200, body="")
        return await next()

    return own_workspace


async def no_bots(body: dict[str, Any], next: Next) -> BoltResponse:
    """Leave what bots write unanswered, lest two of them talk for ever."""
    event = body.get("event") or {}
    inner = event.get("message") or {}
    if event.get("bot_id") or event.get("subtype") == "bot_message" or inner.get("bot_id"):
        return BoltResponse(status=200, body="")
    return await next()

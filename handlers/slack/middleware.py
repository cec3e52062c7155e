"""Middleware that ignores other workspaces and other bots."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.response import BoltResponse

Next = Callable[[], Awaitable[BoltResponse]]
Middleware = Callable[..., Awaitable[BoltResponse]]


def people_only(workspace_id: str | None) -> Middleware:
    """Pass on requests of people of this workspace; with None, of any.

    What bots write is left unanswered, lest two of them talk for ever; in a room it is only looked at.
    """

    async def check(body: dict[str, Any], next: Next) -> BoltResponse:
        sender = body.get("team_id") or (body.get("team") or {}).get("id")
        if (workspace_id is not None and sender != workspace_id) or _by_bot(body.get("event") or {}):
            return BoltResponse(status=200, body="")
        return await next()

    return check


def _by_bot(event: dict[str, Any]) -> bool:
    inner = event.get("message") or {}
    if event.get("type") == "message" and event.get("channel_type") == "group":
        return False
    return bool(event.get("bot_id") or event.get("subtype") == "bot_message" or inner.get("bot_id"))

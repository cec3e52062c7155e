"""A room, a manifest, and refusals, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import CouldNot, Sandbox

Json = dict[str, Any]
Api = AsyncWebClient
#: Everybody's channel.
GENERAL = "C0000000001"


async def refused(call: Any, code: str) -> Json:
    """Await a call that must be refused with this code; return the answer's body."""
    with pytest.raises(SlackApiError) as refusal:
        await call
    response: Any = refusal.value.response
    assert response["error"] == code
    data: Json = response.data
    return data


async def could_not(act: Awaitable[object], why: str) -> None:
    """Await an act that somebody cannot do, for this reason."""
    with pytest.raises(CouldNot, match=why):
        await act


async def room(sandbox: Sandbox, api: Any, *handles: str, name: str = "rom-k7f3") -> str:
    """Make a private room with these people and return its id."""
    made = await api.conversations_create(name=name, is_private=True)
    channel_id: str = made["channel"]["id"]
    if handles:
        await api.conversations_invite(channel=channel_id, users=[sandbox.person(h).id for h in handles])
    return channel_id


SCOPES = [
    *("channels:history", "channels:manage", "channels:read", "chat:write", "commands", "dnd:read"),
    *("files:write", "groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write"),
    *("pins:write", "users:read"),
]
EVENTS = [
    *(f"channel_{what}" for what in ("archive", "deleted", "left", "rename", "unarchive")),
    *(f"group_{what}" for what in ("archive", "deleted", "left", "rename", "unarchive")),
    *("channel_shared", "channel_unshared", "member_joined_channel", "member_left_channel"),
    *("message.channels", "message.groups", "message.im", "app_home_opened", "user_change"),
]


def manifest(
    without: Iterable[str] = (),
) -> Json:
    """Return a manifest with everything except the scopes and events in `without`."""
    return {
        "display_information": {"name": "tot-bot"},
        "features": {
            "bot_user": {"display_name": "tot-bot", "always_online": True},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "slash_commands": [{"command": "/tot", "description": "TOT"}],
            "shortcuts": [{"name": "Kall sammen", "type": "global", "callback_id": "kall"}],
        },
        "oauth_config": {"scopes": {"bot": [s for s in SCOPES if s not in without]}},
        "settings": {
            "event_subscriptions": {"bot_events": [e for e in EVENTS if e not in without]},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


@asynccontextmanager
async def workspace(*, without: Iterable[str]) -> AsyncIterator[tuple[Sandbox, Api]]:
    """Yield a sandbox with a manifest that lacks these scopes and events, and a client."""
    async with Sandbox(manifest(without)) as sandbox:
        yield sandbox, Api(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])

"""Manifests for tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SCOPES = [
    "channels:history",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
    "users:read.email",
]
EVENTS = [
    "app_home_opened",
    "channel_archive",
    "channel_left",
    "group_archive",
    "group_left",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "user_change",
]


def manifest(
    *,
    scopes: Iterable[str] = SCOPES,
    events: Iterable[str] = EVENTS,
    without: Iterable[str] = (),
    home: bool = True,
    read_only: bool = False,
    interactivity: bool = True,
    should_escape: bool = False,
) -> dict[str, Any]:
    """A manifest with everything, less the scopes and events in `without`."""
    dropped = set(without)
    return {
        "display_information": {"name": "tot-bot"},
        "features": {
            "bot_user": {"display_name": "tot-bot", "always_online": True},
            "app_home": {
                "home_tab_enabled": home,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": read_only,
            },
            "slash_commands": [{"command": "/tot", "description": "TOT", "should_escape": should_escape}],
        },
        "oauth_config": {"scopes": {"bot": [s for s in scopes if s not in dropped]}},
        "settings": {
            "event_subscriptions": {"bot_events": [e for e in events if e not in dropped]},
            "interactivity": {"is_enabled": interactivity},
            "socket_mode_enabled": True,
        },
    }

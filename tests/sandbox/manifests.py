"""Manifests for tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "team:read",
    "users:read",
    "users:read.email",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_left",
    "channel_rename",
    "file_deleted",
    "file_shared",
    "group_archive",
    "group_left",
    "group_rename",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "team_join",
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

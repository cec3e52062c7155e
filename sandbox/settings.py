"""Settings of a test or demo: the app's manifest, Slack's real-time rules, the workspace's preferences."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sandbox import limits


@dataclass
class Settings:
    """All durations are seconds of real time."""

    ack_seconds: float = 3.0
    """How long an app may take to acknowledge a command, an interaction or an event."""
    trigger_seconds: float = 3.0
    """How long a trigger_id lives."""
    response_url_seconds: float = limits.RESPONSE_URL_SECONDS
    """How long a response_url lives."""
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    """Pauses before each retry of an event that was not acknowledged."""
    rate_limits: bool = False
    """Refuse a second post to a channel within a second."""
    page_cap: int | None = None
    """The most items in a page, even if `limit` asks for more, such as Slack's 15 for history."""
    patience: float = 10.0
    """How long a person waits for a text to appear before giving up."""
    reach: float = 2.0
    """How long a person looks for the button, field or modal to use before giving up."""


@dataclass(frozen=True)
class Manifest:
    """The parts of an app manifest that decide what the workspace allows."""

    name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: Mapping[str, tuple[str, str]]
    """Slash command → its usage hint and description, which Slack shows while somebody types."""
    shortcuts: Mapping[str, str]
    """The name of each global shortcut, by its callback_id."""
    interactivity: bool
    socket_mode: bool
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool

    @classmethod
    def load(cls, source: Mapping[str, Any] | str | os.PathLike[str]) -> Manifest:
        """Read a manifest given as a dict or as the path of a YAML or JSON file."""
        if isinstance(source, Mapping):
            return cls._parse(source)
        return cls._read(Path(source).read_text("utf-8"))

    @classmethod
    @cache
    def _read(cls, text: str) -> Manifest:
        """Cached, because parsing takes a sixth of the time that a workspace and a bot need to start."""
        return cls._parse(yaml.safe_load(text))

    @classmethod
    def _parse(cls, raw: Mapping[str, Any]) -> Manifest:
        features = raw.get("features") or {}
        settings = raw.get("settings") or {}
        home = features.get("app_home") or {}
        scopes = ((raw.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
        return cls(
            name=(features.get("bot_user") or {}).get("display_name") or "tot-bot",
            scopes=frozenset(scopes),
            events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or []),
            commands={
                entry["command"]: (str(entry.get("usage_hint") or ""), str(entry.get("description") or ""))
                for entry in features.get("slash_commands") or []
            },
            shortcuts={
                entry["callback_id"]: str(entry["name"])
                for entry in features.get("shortcuts") or []
                if entry["type"] == "global"
            },
            interactivity=bool((settings.get("interactivity") or {}).get("is_enabled")),
            socket_mode=bool(settings.get("socket_mode_enabled")),
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled", True)),
            messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled")),
        )

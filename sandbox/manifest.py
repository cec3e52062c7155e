"""The app's manifest: what the bot asked for is all it gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Manifest:
    """The parts of an app manifest that decide what the workspace allows."""

    name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: Mapping[str, bool]
    """Each slash command, and whether mentions in it are escaped (`should_escape`)."""
    hints: Mapping[str, tuple[str, str]]
    """Of each slash command its usage hint and its description, as Slack shows them while one types."""
    interactivity: bool
    socket_mode: bool
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool

    @classmethod
    def load(cls, source: Mapping[str, Any] | str | os.PathLike[str]) -> Manifest:
        """Reads a manifest given as a dict or as the path of a YAML or JSON file."""
        if isinstance(source, Mapping):
            return cls._parse(source)
        return cls._parse(yaml.safe_load(Path(source).read_text("utf-8")))

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
                entry["command"]: bool(entry.get("should_escape"))
                for entry in features.get("slash_commands") or []
            },
            hints={
                entry["command"]: (str(entry.get("usage_hint") or ""), str(entry.get("description") or ""))
                for entry in features.get("slash_commands") or []
            },
            interactivity=bool((settings.get("interactivity") or {}).get("is_enabled")),
            socket_mode=bool(settings.get("socket_mode_enabled")),
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled", True)),
            messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled")),
        )

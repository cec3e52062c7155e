"""manifest.yaml is exactly what the bot needs: every listener and every Web API call, and no more."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.manifest import MANIFEST, scopes
from handlers.convening import SHORTCUT
from handlers.slack.declarations import COMMAND
from handlers.subjects import joined

ROOT = Path(__file__).parents[1]
#: Bot scopes, and the Web API methods that need each for the bot's conversations: private rooms, former
#: private rooms that were made public, and direct messages. Source: «Scopes» of
#: docs.slack.dev/reference/methods/<method>.
METHODS = {
    "chat:write": ("chat.delete", "chat.postEphemeral", "chat.postMessage", "chat.update"),
    "channels:manage": ("conversations.archive", "conversations.kick"),
    "channels:read": ("conversations.info", "conversations.members"),
    "dnd:read": ("dnd.info",),
    "files:write": ("files.completeUploadExternal", "files.delete", "files.getUploadURLExternal"),
    "groups:history": ("conversations.history",),
    "groups:read": ("conversations.info", "conversations.members", "users.conversations"),
    "groups:write": tuple(f"conversations.{do}" for do in ("archive", "create", "invite", "kick", "rename")),
    "im:history": ("conversations.history",),
    "im:write": ("conversations.open",),
    "pins:write": ("pins.add",),
    "users:read": ("users.info",),
}
#: Methods that need no bot scope; connections:write belongs to the app-level token.
NEED_NONE = {
    "apps.connections.open",
    "auth.test",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
}
#: Bot scopes of events, by prefix of their names. Source: docs.slack.dev/reference/events/<event>.
EVENTS = {
    "app_": set(),
    "channel_": {"channels:read"},
    "channel_shared": {"groups:read"},
    "channel_unshared": {"groups:read"},
    "group_": {"groups:read"},
    "member_": {"groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "user_change": {"users:read"},
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return parsed


@cache
def called_methods() -> dict[str, str]:
    """Return Web API methods called anywhere in the bot, each with its place."""
    known = {name for name in vars(AsyncWebClient) if re.fullmatch(r"[a-z]+(_[a-zA-Z]+)+", name)}
    found = {}
    for folder in ("bot", "handlers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text("utf-8")
            for node in ast.walk(ast.parse(source)) if "client." in source else ():
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                receiver = ast.unparse(node.func.value)
                if re.search(r"(^|[._])client$", receiver) and node.func.attr in known:
                    method = node.func.attr.replace("_", ".")
                    found[method] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def events_of(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_everything_that_is_listened_for_is_subscribed_to_and_nothing_else(manifest: dict[str, Any]) -> None:
    """The sandbox obeys the rest of the manifest: without a part that is needed no story can be played."""
    heard = {event.kind for event in joined().events}
    assert {name.partition(".")[0] for name in events_of(manifest)} == heard
    assert [entry["command"] for entry in manifest["features"]["slash_commands"]] == [COMMAND]


def test_every_shortcut_is_in_the_manifest_and_no_other(manifest: dict[str, Any]) -> None:
    """Source of the lengths: docs.slack.dev/reference/app-manifest (`features.shortcuts`)."""
    listed = manifest["features"]["shortcuts"]
    assert [entry["callback_id"] for entry in listed] == [SHORTCUT]
    assert all(entry["type"] == "global" for entry in listed)
    assert all(len(entry["name"]) <= 24 and len(entry["description"]) <= 150 for entry in listed)


def test_the_scopes_are_exactly_those_of_what_is_called_and_heard(manifest: dict[str, Any]) -> None:
    called = called_methods()
    assert {"chat.postMessage", "conversations.create", "views.open"} <= called.keys(), "calls are found"
    known = NEED_NONE.union(*METHODS.values())
    unknown = {method: where for method, where in called.items() if method not in known}
    assert not unknown, "look their scopes up and put them into METHODS"
    needed = {"commands"}
    needed |= {scope for scope, methods in METHODS.items() if called.keys() & set(methods)}
    for event in events_of(manifest):
        scopes_of = [found for begins, found in EVENTS.items() if event.startswith(begins)]
        assert scopes_of, f"look the scopes of {event} up and put them into EVENTS"
        needed = needed.union(*scopes_of)
    asked = manifest["oauth_config"]["scopes"]
    assert set(asked) == {"bot"}, "none of a user"
    assert set(asked["bot"]) == needed
    assert scopes() == needed, "the doctor reads the same"


def test_slacks_lengths_are_kept(manifest: dict[str, Any]) -> None:
    """Source: docs.slack.dev/reference/app-manifest."""
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", shown["background_color"])
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    (command,) = manifest["features"]["slash_commands"]
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000

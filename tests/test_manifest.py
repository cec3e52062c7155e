"""manifest.yaml is exactly what the bot needs: every listener and every Web API call, both ways."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.manifest import MANIFEST, scopes
from bot.domain.language import Language
from handlers.slack.app import register
from handlers.slack.services import Services
from handlers.subjects import joined
from tests.databases import SettableClock, open_database

ROOT = Path(__file__).parents[1]
#: Bot scopes of each Web API method, for the conversations that the bot has: private rooms, those of them
#: that have been made public, and direct messages.
#: Source: «Scopes» of docs.slack.dev/reference/methods/<method>.
METHOD_SCOPES: dict[str, set[str]] = {
    "apps.connections.open": set(),  # connections:write, of the app-level token
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.archive": {"groups:write", "channels:manage"},
    "conversations.create": {"groups:write"},
    "conversations.history": {"groups:history", "im:history"},
    "conversations.info": {"groups:read", "channels:read"},
    "conversations.invite": {"groups:write"},
    "conversations.kick": {"groups:write", "channels:manage"},
    "conversations.members": {"groups:read", "channels:read"},
    "conversations.open": {"im:write"},
    "conversations.rename": {"groups:write"},
    "dnd.info": {"dnd:read"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "pins.add": {"pins:write"},
    "users.conversations": {"groups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
#: Bot scopes of each event. Source: docs.slack.dev/reference/events/<event>.
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_left": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unarchive": {"channels:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_left": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"groups:read"},
    "member_left_channel": {"groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}


class Recorder(AsyncApp):
    """A Bolt app that also keeps what was registered with it."""

    def __init__(self) -> None:
        super().__init__(client=AsyncWebClient("xoxb-0-test"))
        self.heard: set[str] = set()
        self.commands: set[str] = set()
        self.pressable = False

    def event(self, event: Any, *args: Any, **more: Any) -> Any:
        self.heard.add(event["type"] if isinstance(event, dict) else event)
        return super().event(event, *args, **more)

    def message(self, *args: Any, **more: Any) -> Any:
        self.heard.add("message")
        return super().message(*args, **more)

    def command(self, command: Any, *args: Any, **more: Any) -> Any:
        self.commands.add(command)
        return super().command(command, *args, **more)

    def action(self, *args: Any, **more: Any) -> Any:
        self.pressable = True
        return super().action(*args, **more)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return parsed


@pytest.fixture
def app(sqlite_database_url: str, clock: SettableClock) -> Recorder:
    recorder = Recorder()
    database = open_database(sqlite_database_url, clock)
    register(recorder, Services(database, clock, Language.NB), joined())
    return recorder


def called_methods() -> Iterator[tuple[str, str]]:
    """Web API methods called anywhere in the bot, each with where."""
    known = {name for name in vars(AsyncWebClient) if re.fullmatch(r"[a-z]+(_[a-zA-Z]+)+", name)}
    for folder in ("bot", "handlers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                receiver = ast.unparse(node.func.value)
                if re.search(r"(^|[._])client$", receiver) and node.func.attr in known:
                    yield node.func.attr.replace("_", "."), f"{path.relative_to(ROOT)}:{node.lineno}"


def events_of(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_every_event_that_is_listened_for_is_subscribed_to_and_no_other(
    manifest: dict[str, Any], app: Recorder
) -> None:
    assert {name.partition(".")[0] for name in events_of(manifest)} == app.heard


def test_every_command_is_in_the_manifest_and_no_other(manifest: dict[str, Any], app: Recorder) -> None:
    assert {entry["command"] for entry in manifest["features"]["slash_commands"]} == app.commands == {"/tot"}


def test_every_shortcut_is_in_the_manifest_and_no_other(manifest: dict[str, Any]) -> None:
    """Source of the lengths: docs.slack.dev/reference/app-manifest (`features.shortcuts`)."""
    listed = manifest["features"]["shortcuts"]
    assert {entry["callback_id"] for entry in listed} == {shortcut.id for shortcut in joined().shortcuts}
    assert all(entry["type"] == "global" for entry in listed)
    assert all(len(entry["name"]) <= 24 and len(entry["description"]) <= 150 for entry in listed)


def test_what_the_listeners_need_is_switched_on(manifest: dict[str, Any], app: Recorder) -> None:
    assert app.pressable == manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["settings"]["socket_mode_enabled"] is True
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"] == any(method == "views.publish" for method, _ in called_methods())
    can_write = home["messages_tab_enabled"] and not home["messages_tab_read_only_enabled"]
    assert can_write == ("message.im" in events_of(manifest))


def test_the_scopes_are_exactly_those_of_what_is_called_and_heard(manifest: dict[str, Any]) -> None:
    called = dict(called_methods())
    unknown = {method: where for method, where in called.items() if method not in METHOD_SCOPES}
    assert not unknown, "look their scopes up and put them into METHOD_SCOPES"
    needed = {"commands"}
    needed |= {scope for method in called for scope in METHOD_SCOPES[method]}
    needed |= {scope for event in events_of(manifest) for scope in EVENT_SCOPES[event]}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def test_calls_are_really_found() -> None:
    """The scan would be worth nothing if it found nothing."""
    assert {"chat.postMessage", "conversations.create", "views.open"} <= {m for m, _ in called_methods()}


def test_no_user_scope_is_asked_for(manifest: dict[str, Any]) -> None:
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}


def test_the_doctor_reads_the_same_scopes(manifest: dict[str, Any]) -> None:
    assert scopes() == set(manifest["oauth_config"]["scopes"]["bot"])


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

"""Each call needs its scope."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import channels
from tests.sandbox.slack import GENERAL, SCOPES, could_not, refused, workspace

ROOM = "C0000000002"


@pytest.mark.parametrize(
    ("method", "arguments", "scope"),
    [
        ("chat.postMessage", {"channel": "U0UDI", "text": "x"}, "chat:write"),
        ("chat.postEphemeral", {"channel": ROOM, "user": "U0UDI", "text": "x"}, "chat:write"),
        ("chat.update", {"channel": ROOM, "ts": "1.1", "text": "x"}, "chat:write"),
        ("chat.delete", {"channel": ROOM, "ts": "1.1"}, "chat:write"),
        ("conversations.create", {"name": "x", "is_private": "1"}, "groups:write"),
        ("pins.add", {"channel": ROOM, "timestamp": "1.1"}, "pins:write"),
        ("conversations.create", {"name": "x"}, "channels:manage"),
        ("conversations.invite", {"channel": ROOM, "users": "U0UDI"}, "groups:write"),
        ("conversations.kick", {"channel": ROOM, "user": "U0UDI"}, "groups:write"),
        ("conversations.archive", {"channel": ROOM}, "groups:write"),
        ("conversations.members", {"channel": ROOM}, "groups:read"),
        ("conversations.info", {"channel": ROOM}, "groups:read"),
        ("conversations.info", {"channel": GENERAL}, "channels:read"),
        ("conversations.rename", {"channel": ROOM, "name": "x"}, "groups:write"),
        ("conversations.history", {"channel": ROOM}, "groups:history"),
        ("conversations.history", {"channel": GENERAL}, "channels:history"),
        ("users.conversations", {"types": "private_channel"}, "groups:read"),
        ("conversations.members", {"channel": GENERAL}, "channels:read"),
        ("conversations.open", {"users": "U0UDI"}, "im:write"),
        ("users.info", {"user": "U0UDI"}, "users:read"),
        ("dnd.info", {"user": "U0UDI"}, "dnd:read"),
        ("files.getUploadURLExternal", {"filename": "a", "length": "1"}, "files:write"),
        ("files.completeUploadExternal", {"files": "[]"}, "files:write"),
        ("files.delete", {"file": "F1"}, "files:write"),
    ],
)
async def test_missing_scope(method: str, arguments: dict[str, Any], scope: str) -> None:
    async with workspace(without=[scope]) as (sandbox, api):
        channels.create_room(sandbox.workspace, "rom-k7f3", "private", "U0TOTBOT")
        body = await refused(api.api_call(method, params=arguments), "missing_scope")
    assert scope in body["needed"].split(",")
    assert body["provided"] == ",".join(sorted(set(SCOPES) - {scope}))


async def test_commands_only_with_their_scope() -> None:
    async with workspace(without=["commands"]) as (sandbox, _):
        await could_not(sandbox.person("udi").types("/tot"), "/tot is not a valid command")

"""How calls arrive: arguments in every encoding, tokens, unknown methods; each needs its scope."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox, channels
from tests.sandbox.slack import GENERAL, SCOPES, Api, could_not, refused, workspace


async def test_arguments_come_in_every_form(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(base_url=sandbox.api_url, headers=headers) as http:

        async def answers(method: str, body: Any, kind: str = "application/x-www-form-urlencoded") -> Any:
            return await (await http.post(method, data=body, headers={"Content-Type": kind})).json()

        await http.post("auth.test?a=1&b=1", data={"b": "2"})
        await http.post("auth.test?a=1", json={"b": {"c": [1]}})
        await http.get("auth.test?a=1")
        given = [call.arguments for call in sandbox.workspace.calls]
        assert given == [{"a": "1", "b": "2"}, {"a": "1", "b": {"c": [1]}}, {"a": "1"}]
        assert (await answers("auth.test", b"", "application/json;charset=utf-8"))["ok"] is True
        for body, kind, code in (
            (b"{", "application/json", "invalid_json"),
            (b"[1]", "application/json", "json_not_object"),
            (b"x", "text/csv", "invalid_post_type"),
        ):
            assert await answers("auth.test", body, kind) == {"ok": False, "error": code}
        for value, private in {"1": True, "true": True, "0": False, "false": False}.items():
            made = await answers("conversations.create", {"name": f"rom-{value}", "is_private": value})
            assert made["channel"]["is_private"] is private
        blocks = '[{"type":"section","text":{"type":"mrkdwn","text":"hei"}}]'
        posted = await answers("chat.postMessage", {"channel": "U0UDI", "text": "x", "blocks": blocks})
        assert posted["message"]["blocks"][0]["text"]["text"] == "hei"


async def test_tokens_and_methods(sandbox: Sandbox, api: Api) -> None:
    def client(token: str | None) -> Api:
        return Api(token, base_url=sandbox.api_url)

    await refused(client(None).auth_test(), "not_authed")
    await refused(client("xoxb-wrong").auth_test(), "invalid_auth")
    await refused(client(sandbox.app_token).auth_test(), "not_allowed_token_type")
    await refused(client(None).apps_connections_open(app_token=sandbox.bot_token), "not_allowed_token_type")
    opened = await client(None).apps_connections_open(app_token=sandbox.app_token)
    assert opened["url"].startswith("ws://127.")
    await refused(api.api_call("chat.scheduleMessage"), "unknown_method")
    answer = await api.auth_test()
    assert (answer["user_id"], answer["team_id"]) == ("U0TOTBOT", "T0SANDBOX")
    assert "groups:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_every_call_is_recorded_as_it_was_answered(api: Api, sandbox: Sandbox) -> None:
    await api.users_info(user="U0UDI")
    await refused(api.users_info(user="U0NOBODY"), "user_not_found")
    first, second = sandbox.workspace.calls
    assert (first.method, first.arguments) == ("users.info", {"user": "U0UDI"})
    assert (first.ok, first.status) == (True, 200)
    assert second.error == "user_not_found"


# --- scopes


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
        ("users.conversations", {"types": "im"}, "im:read"),
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


async def test_finer_scopes_do_too() -> None:
    async with workspace(scopes=["groups:write.invites"]) as (sandbox, api):
        made = channels.create_room(sandbox.workspace, "rom-k7f3", "private", "U0TOTBOT")
        await api.conversations_invite(channel=made.id, users="U0UDI")
        await refused(api.conversations_kick(channel=made.id, user="U0UDI"), "missing_scope")


async def test_mail_addresses_and_commands_only_with_their_scopes() -> None:
    async with workspace(without=["users:read.email", "commands"]) as (sandbox, api):
        assert "email" not in (await api.users_info(user="U0UDI"))["user"]["profile"]
        await could_not(sandbox.person("udi").types("/tot"), "/tot is not a valid command")

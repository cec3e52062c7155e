"""Deeds to a room as a whole: what Slack then says of it, allows in it, and tells the app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from sandbox import CouldNot, Sandbox
from sandbox.people.person import Person
from tests.sandbox.kit import Api, Json, manifest, refused, room
from tests.sandbox.little_bot import LittleBot

ROOM = "rom-k7f3"
OTHERS = "T0NABO"
KIND_SCOPES = ("channels:read", "channels:history", "channels:manage")


async def info(api: Api, channel: str) -> Json:
    found: Json = (await api.conversations_info(channel=channel))["channel"]
    return found


async def test_what_slack_says_of_a_room(sandbox: Sandbox, api: Api) -> None:
    rom, udi = await room(sandbox, api, "udi"), sandbox.person("udi")
    fresh = await info(api, rom)
    assert (fresh["name"], fresh["creator"], fresh["is_member"]) == (ROOM, "U0TOTBOT", True)
    assert (fresh["is_private"], fresh["is_archived"], fresh["is_ext_shared"]) == (True, False, False)
    await udi.shares(ROOM, OTHERS)
    shared = await info(api, rom)
    assert (shared["is_shared"], shared["is_ext_shared"], shared["is_private"]) == (True, True, True)
    await udi.unshares(ROOM, OTHERS)
    assert not (await info(api, rom))["is_shared"]
    await udi.makes_public(ROOM)
    assert (await info(api, rom))["is_private"] is False
    await udi.makes_private(ROOM)
    assert await info(api, rom) == fresh
    await udi.renames(ROOM, "noe-annet")
    assert (await info(api, rom))["name"] == "noe-annet"


async def test_one_made_public_is_of_other_scopes() -> None:
    async with Sandbox(manifest(without=KIND_SCOPES)) as sandbox:
        api = Api(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        rom = await room(sandbox, api, "udi")
        await sandbox.person("udi").makes_public(ROOM)
        for call in (
            api.conversations_info(channel=rom),
            api.conversations_members(channel=rom),
            api.conversations_kick(channel=rom, user="U0UDI"),
            api.conversations_history(channel=rom),
        ):
            await refused(call, "missing_scope")


async def test_nothing_is_changed_in_an_archived_room(sandbox: Sandbox, api: Api) -> None:
    rom, udi = await room(sandbox, api, "udi"), sandbox.person("udi")
    posted = await api.chat_postMessage(channel=rom, text="kort")
    await udi.archives(ROOM)
    for call in (
        api.conversations_kick(channel=rom, user="U0UDI"),
        api.conversations_invite(channel=rom, users="U0HELSE"),
        api.conversations_rename(channel=rom, name="x"),
        api.chat_postMessage(channel=rom, text="x"),
        api.chat_delete(channel=rom, ts=str(posted["ts"])),
    ):
        await refused(call, "is_archived")
    assert (await info(api, rom))["is_archived"] is True
    assert (await api.conversations_members(channel=rom))["members"] == ["U0TOTBOT", "U0UDI"]
    with pytest.raises(CouldNot):
        await udi.archives(ROOM)
    await udi.unarchives(ROOM)
    await api.conversations_kick(channel=rom, user="U0UDI")


async def test_a_closed_room_without_the_bot_is_not_there_for_it(sandbox: Sandbox, api: Api) -> None:
    rom, udi = await room(sandbox, api, "udi"), sandbox.person("udi")
    await udi.removes("tot-bot", ROOM)
    await refused(api.conversations_info(channel=rom), "channel_not_found")
    await udi.makes_public(ROOM)
    assert (await info(api, rom))["is_member"] is False
    await refused(api.conversations_kick(channel=rom, user="U0UDI"), "not_in_channel")
    await udi.deletes_room(ROOM)
    await refused(api.conversations_info(channel=rom), "channel_not_found")


async def test_a_bot_renames_its_own_rooms_alone(sandbox: Sandbox, api: Api, rom: str) -> None:
    await sandbox.person("udi").renames(ROOM, "noe-annet")
    assert (await api.conversations_rename(channel=rom, name=ROOM))["channel"]["name"] == ROOM
    await refused(api.conversations_rename(channel=rom, name="generelt"), "name_taken")
    sandbox.workspace.channels[rom].creator = "U0UDI"
    await refused(api.conversations_rename(channel=rom, name="mitt"), "not_authorized")


Deed = Callable[[Person], Awaitable[None]]
DEEDS: dict[str, Deed] = {
    "archive": lambda who: who.archives(ROOM),
    "unarchive": lambda who: who.unarchives(ROOM),
    "rename": lambda who: who.renames(ROOM, "noe-annet"),
    "deleted": lambda who: who.deletes_room("noe-annet"),
}


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_what_the_app_is_told(sandbox: Sandbox, bot: LittleBot, api: Api, kind: str) -> None:
    """Of private rooms they are called group_…, of public ones channel_…; of shared ones both the same."""
    bot.answers_events()
    rom, udi = await room(sandbox, api, "udi"), sandbox.person("udi")
    if kind == "channel":
        await udi.makes_public(ROOM)
    await udi.shares(ROOM, OTHERS)
    await udi.unshares(ROOM, OTHERS)
    for deed in DEEDS.values():
        await deed(udi)
    await sandbox.acked()
    for what in ("archive", "unarchive", "deleted"):
        assert [e["channel"] for e in bot.events(f"{kind}_{what}")] == [rom]
    (renamed,) = bot.events(f"{kind}_rename")
    assert (renamed["channel"]["id"], renamed["channel"]["name"]) == (rom, "noe-annet")
    (shared,), (unshared,) = bot.events("channel_shared"), bot.events("channel_unshared")
    assert (shared["channel"], shared["connected_team_id"]) == (rom, OTHERS)
    assert (unshared["previously_connected_team_id"], unshared["is_ext_shared"]) == (OTHERS, False)


async def test_a_room_that_is_made_public_is_told_by_a_message_of_a_public_channel(
    sandbox: Sandbox, bot: LittleBot, api: Api
) -> None:
    bot.answers_events()
    rom = await room(sandbox, api, "udi")
    await sandbox.person("udi").makes_public(ROOM)
    await sandbox.person("udi").makes_private(ROOM)
    await sandbox.acked()
    told = [e for e in bot.events("message") if str(e.get("subtype")).startswith("channel_convert")]
    assert [(e["subtype"], e["channel_type"], e["channel"]) for e in told] == [
        ("channel_convert_to_public", "channel", rom),
        ("channel_convert_to_private", "group", rom),
    ]

"""conversations.*, users.*; changes to a whole room: what Slack reports, allows, tells the app."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import CouldNot, Person, Sandbox, Settings
from tests.sandbox.kit import Json
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import GENERAL, Api, refused, room, workspace

ROOM = "rom-k7f3"
OTHERS = "T0NABO"
KIND_SCOPES = ("channels:read", "channels:history", "channels:manage")


async def info(api: Api, channel: str) -> Json:
    found: Json = (await api.conversations_info(channel=channel))["channel"]
    return found


async def test_names_and_rooms_that_are_refused(sandbox: Sandbox, api: Api, settings: Settings) -> None:
    await api.conversations_archive(channel=await room(sandbox, api))
    for name, code in (
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Rom", "invalid_name_specials"),
        ("rom 1", "invalid_name_specials"),
        ("rom.1", "invalid_name_specials"),
        ("--", "invalid_name_punctuation"),
        ("generelt", "name_taken"),
        ("rom-k7f3", "name_taken"),
    ):
        await refused(api.api_call("conversations.create", params={"name": name}), code)
    assert (await api.conversations_create(name="søsken_1"))["channel"]["name"] == "søsken_1"
    settings.bots_may_create_rooms = False
    await refused(api.conversations_create(name="rom"), "restricted_action")


async def test_invitations_that_are_refused(sandbox: Sandbox, api: Api, rom: str) -> None:
    sandbox.add_person("gjest", is_ultra_restricted=True)
    sandbox.add_person("fremmed", is_stranger=True, team="T0OTHER")
    await sandbox.person("helse").is_deactivated()
    for users, code in (
        ("U0NOBODY", "user_not_found"),
        ("U0TOTBOT", "cant_invite_self"),
        ("U0UDI", "already_in_channel"),
        ("U0HELSE", "cant_invite"),
        (sandbox.person("fremmed").id, "cant_invite"),
        ("", "no_user"),
        (",".join(["U1"] * 1001), "too_many_users"),
    ):
        await refused(api.conversations_invite(channel=rom, users=users), code)
    guest = sandbox.person("gjest").id
    await api.conversations_invite(channel=rom, users=guest)
    other = await room(sandbox, api, name="rom-2")
    await refused(api.conversations_invite(channel=other, users=guest), "ura_max_channels")
    several = ["U0UDI", "U0NOBODY", "U0KOORDINATOR"]
    body = await refused(api.conversations_invite(channel=other, users=several), "user_not_found")
    assert body["errors"] == [{"user": "U0NOBODY", "ok": False, "error": "user_not_found"}]
    assert sandbox.workspace.members(other) == {"tot-bot"}, "one bad id fails all"


async def test_removing_and_archiving(sandbox: Sandbox, api: Api, settings: Settings) -> None:
    rom = await room(sandbox, api, "udi", "helse")
    await api.conversations_kick(channel=rom, user="U0UDI")
    for channel, user, code in (
        (rom, "U0UDI", "not_in_channel"),
        (rom, "U0TOTBOT", "cant_kick_self"),
        (rom, "U0NOBODY", "user_not_found"),
        (GENERAL, "U0UDI", "cant_kick_from_general"),
    ):
        await refused(api.conversations_kick(channel=channel, user=user), code)
    settings.bots_may_remove = False
    await refused(api.conversations_kick(channel=rom, user="U0HELSE"), "restricted_action")
    assert sandbox.workspace.members(rom) == {"tot-bot", "helse"}
    await api.conversations_archive(channel=rom)
    await refused(api.conversations_archive(channel=rom), "already_archived")
    await refused(api.conversations_archive(channel=GENERAL), "cant_archive_general")


async def test_a_room_that_the_bot_is_not_in(sandbox: Sandbox, api: Api) -> None:
    """A private one does not exist for the bot; a public one is visible, and no more."""
    rom, udi = await room(sandbox, api, "udi", "helse"), sandbox.person("udi")
    await udi.removes("tot-bot", ROOM)
    for call in (
        api.conversations_info(channel=rom),
        api.conversations_members(channel=rom),
        api.conversations_history(channel=rom),
        api.conversations_invite(channel=rom, users="U0HELSE"),
        api.conversations_kick(channel=rom, user="U0UDI"),
        api.conversations_archive(channel=rom),
    ):
        await refused(call, "channel_not_found")
    await udi.makes_public(ROOM)
    assert (await info(api, rom))["is_member"] is False
    assert (await api.conversations_members(channel=rom))["members"] == ["U0UDI", "U0HELSE"]
    for call in (
        api.conversations_history(channel=rom),
        api.conversations_invite(channel=rom, users="U0KOORDINATOR"),
        api.conversations_kick(channel=rom, user="U0UDI"),
    ):
        await refused(call, "not_in_channel")
    await udi.invites("tot-bot", ROOM)
    assert (await api.conversations_members(channel=rom))["ok"]
    await udi.deletes_room(ROOM)
    await refused(api.conversations_info(channel=rom), "channel_not_found")


async def test_opening_direct_messages(sandbox: Sandbox, api: Api) -> None:
    first = await api.conversations_open(users="U0UDI")
    again = await api.conversations_open(users="U0UDI")
    assert first["channel"] == again["channel"]
    assert ("already_open" in first, again["already_open"]) == (False, True)
    (listed,) = (await api.users_conversations(types="im"))["channels"]
    assert (listed["id"], listed["user"]) == (first["channel"]["id"], "U0UDI")
    await refused(api.conversations_open(users="U0NOBODY"), "user_not_found")
    await refused(api.api_call("conversations.open"), "users_list_not_supplied")
    await sandbox.person("helse").is_deactivated()
    await refused(api.conversations_open(users="U0HELSE"), "user_disabled")
    stranger = sandbox.add_person("fremmed", is_stranger=True, team="T0OTHER")
    await refused(api.conversations_open(users=stranger.id), "user_not_visible")
    await refused(api.conversations_members(channel="D0NOWHERE"), "channel_not_found")
    kick = api.conversations_kick(channel=again["channel"]["id"], user="U0UDI")
    await refused(kick, "method_not_supported_for_channel_type")


async def test_the_list_shows_what_the_bot_is_in(sandbox: Sandbox, api: Api) -> None:
    for name in ("rom-1", "rom-2", "rom-3"):
        rom = await room(sandbox, api, "udi", name=name)
    await sandbox.person("udi").removes("tot-bot", "rom-2")
    await api.conversations_archive(channel=rom)

    async def names(**rest: Any) -> list[str]:
        return [c["name"] for c in (await api.users_conversations(**rest))["channels"]]

    assert await names(types="private_channel") == ["rom-1", "rom-3"]
    assert await names(types="public_channel,private_channel", exclude_archived=True) == ["generelt", "rom-1"]
    await refused(api.users_conversations(types="secret"), "invalid_types")


async def test_pages(sandbox: Sandbox, api: Api, settings: Settings) -> None:
    general = sandbox.workspace.channels[GENERAL]
    found: list[str] = []
    async for page in await api.conversations_members(channel=GENERAL, limit=4):
        found += page["members"]
    assert found == general.members
    settings.page_cap = 3
    first = await api.conversations_members(channel=GENERAL, limit=200)
    assert len(first["members"]) == 3
    assert first["response_metadata"]["next_cursor"]
    for bad, code in {"cursor": "invalid_cursor", "limit": "invalid_arguments"}.items():
        asked = {"channel": general.id, bad: "!"}
        await refused(api.api_call("conversations.members", params=asked), code)
    await refused(api.conversations_members(channel=GENERAL, limit=1001), "invalid_limit")


async def test_users(sandbox: Sandbox, api: Api) -> None:
    user = (await api.users_info(user="U0UTENFOR"))["user"]
    assert (user["name"], user["profile"]["display_name"]) == ("utenforstaende", "utenforstående")
    assert user["profile"]["email"] == "utenforstaende@sandbox.example"
    guest = sandbox.add_person("gjest", is_restricted=True)
    shape = (await api.users_info(user=guest.id))["user"]
    assert (shape["is_restricted"], shape["is_ultra_restricted"]) == (True, False)
    assert guest.channels() == []
    await sandbox.person("udi").is_deactivated()
    gone = (await api.users_info(user="U0UDI"))["user"]
    assert gone["deleted"] is True
    assert "is_restricted" not in gone
    with pytest.raises(TypeError, match="no 'colour'"):
        sandbox.add_person("feil", colour="red")


# --- deeds to a room as a whole


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
    async with workspace(without=KIND_SCOPES) as (sandbox, api):
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


async def test_a_bot_renames_its_own_rooms_alone(sandbox: Sandbox, api: Api, rom: str) -> None:
    await sandbox.person("udi").renames(ROOM, "noe-annet")
    assert (await api.conversations_rename(channel=rom, name=ROOM))["channel"]["name"] == ROOM
    await refused(api.conversations_rename(channel=rom, name="generelt"), "name_taken")
    sandbox.workspace.channels[rom].creator = "U0UDI"
    await refused(api.conversations_rename(channel=rom, name="mitt"), "not_authorized")


@pytest.fixture
def answering(bot: LittleBot) -> LittleBot:
    """Return a bot that answers before any room exists."""
    bot.answers_events()
    return bot


async def test_what_the_app_is_told_of_a_public_one(
    sandbox: Sandbox, answering: LittleBot, rom: str, udi: Person
) -> None:
    """Events of private rooms are called group_…, as the bot's tests see; of shared rooms, both the same."""
    bot = answering
    await udi.makes_public(ROOM)
    await udi.shares(ROOM, OTHERS)
    await udi.unshares(ROOM, OTHERS)
    await udi.archives(ROOM)
    await udi.unarchives(ROOM)
    await udi.renames(ROOM, "noe-annet")
    await udi.makes_private("noe-annet")
    await udi.makes_public("noe-annet")
    await udi.deletes_room("noe-annet")
    await sandbox.acked()
    for what in ("archive", "unarchive", "deleted"):
        assert [e["channel"] for e in bot.events(f"channel_{what}")] == [rom]
    (renamed,) = bot.events("channel_rename")
    assert (renamed["channel"]["id"], renamed["channel"]["name"]) == (rom, "noe-annet")
    (shared,), (unshared,) = bot.events("channel_shared"), bot.events("channel_unshared")
    assert (shared["channel"], shared["connected_team_id"]) == (rom, OTHERS)
    assert (unshared["previously_connected_team_id"], unshared["is_ext_shared"]) == (OTHERS, False)
    # A room made public is reported by a message of a public channel, and vice versa.
    told = [e for e in bot.events("message") if str(e.get("subtype")).startswith("channel_convert")]
    public = ("channel_convert_to_public", "channel", rom)
    private = ("channel_convert_to_private", "group", rom)
    assert [(e["subtype"], e["channel_type"], e["channel"]) for e in told] == [public, private, public]

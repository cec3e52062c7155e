"""conversations.*, users.*; changes to a whole room: what Slack reports, allows, tells the app."""

from __future__ import annotations

from typing import Any

from sandbox import Person, Sandbox
from tests.sandbox.kit import Json
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, refused, room

ROOM = "rom-k7f3"
OTHERS = "T0NABO"


async def info(api: Api, channel: str) -> Json:
    found: Json = (await api.conversations_info(channel=channel))["channel"]
    return found


async def test_invitations_that_are_refused(sandbox: Sandbox, api: Api, rom: str) -> None:
    sandbox.add_person("fremmed", is_stranger=True, team="T0OTHER")
    await sandbox.person("helse").is_deactivated()
    for users, code in (
        ("U0NOBODY", "user_not_found"),
        ("U0UDI", "already_in_channel"),
        ("U0HELSE", "cant_invite"),
        (sandbox.person("fremmed").id, "cant_invite"),
    ):
        await refused(api.conversations_invite(channel=rom, users=users), code)
    other = await room(sandbox, api, name="rom-2")
    several = ["U0UDI", "U0NOBODY", "U0KOORDINATOR"]
    body = await refused(api.conversations_invite(channel=other, users=several), "user_not_found")
    assert body["errors"] == [{"user": "U0NOBODY", "ok": False, "error": "user_not_found"}]
    assert sandbox.workspace.members(other) == {"tot-bot"}, "one bad id fails all"


async def test_removing_and_archiving(sandbox: Sandbox, api: Api) -> None:
    rom = await room(sandbox, api, "udi", "helse")
    await api.conversations_kick(channel=rom, user="U0UDI")
    for user, code in (("U0UDI", "not_in_channel"), ("U0NOBODY", "user_not_found")):
        await refused(api.conversations_kick(channel=rom, user=user), code)
    assert sandbox.workspace.members(rom) == {"tot-bot", "helse"}
    await api.conversations_archive(channel=rom)
    await refused(api.conversations_archive(channel=rom), "already_archived")
    await refused(api.conversations_kick(channel=rom, user="U0HELSE"), "is_archived")


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
    await refused(api.conversations_open(users="U0NOBODY"), "user_not_found")
    await sandbox.person("helse").is_deactivated()
    await refused(api.conversations_open(users="U0HELSE"), "user_disabled")
    stranger = sandbox.add_person("fremmed", is_stranger=True, team="T0OTHER")
    await refused(api.conversations_open(users=stranger.id), "user_not_visible")


async def test_the_list_shows_what_the_bot_is_in(sandbox: Sandbox, api: Api) -> None:
    for name in ("rom-1", "rom-2", "rom-3"):
        rom = await room(sandbox, api, "udi", name=name)
    await sandbox.person("udi").removes("tot-bot", "rom-2")
    await api.conversations_archive(channel=rom)

    async def names(**rest: Any) -> list[str]:
        return [c["name"] for c in (await api.users_conversations(**rest))["channels"]]

    assert await names(types="private_channel") == ["rom-1", "rom-3"]
    assert await names(types="public_channel,private_channel", exclude_archived=True) == ["generelt", "rom-1"]


async def test_a_bot_renames_its_own_rooms_alone(sandbox: Sandbox, api: Api, rom: str) -> None:
    await sandbox.person("udi").renames(ROOM, "noe-annet")
    assert (await api.conversations_rename(channel=rom, name=ROOM))["channel"]["name"] == ROOM
    await refused(api.conversations_rename(channel=rom, name="generelt"), "name_taken")
    sandbox.workspace.channels[rom].creator = "U0UDI"
    await refused(api.conversations_rename(channel=rom, name="mitt"), "not_authorized")


async def test_what_the_app_is_told_of_a_public_one(
    sandbox: Sandbox, api: Api, bot: LittleBot, udi: Person
) -> None:
    """Events of private rooms are called group_…, as the bot's tests see; of shared rooms, both the same."""
    bot.answers_events()
    rom = await room(sandbox, api, "udi")
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

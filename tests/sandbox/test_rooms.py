"""conversations.*, users.*"""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Sandbox, Settings
from tests.sandbox.kit import Api, refused, room


async def test_a_room_has_its_maker_and_whom_it_invites(sandbox: Sandbox, api: Api) -> None:
    rom = await room(sandbox, api, "udi", "helse")
    assert sandbox.workspace.members("rom-k7f3") == {"tot-bot", "udi", "helse"}
    assert (await api.conversations_members(channel=rom))["members"] == ["U0TOTBOT", "U0UDI", "U0HELSE"]
    (listed,) = (await api.users_conversations(types="private_channel"))["channels"]
    assert (listed["is_private"], listed["is_member"], listed["creator"]) == (True, True, "U0TOTBOT")
    assert listed["num_members"] == 3
    assert sandbox.person("udi").reads("rom-k7f3")[0] == "@udi has joined the channel"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Rom", "invalid_name_specials"),
        ("rom 1", "invalid_name_specials"),
        ("rom.1", "invalid_name_specials"),
        ("--", "invalid_name_punctuation"),
        ("generelt", "name_taken"),
    ],
)
async def test_names(api: Api, name: str, code: str) -> None:
    await refused(api.api_call("conversations.create", params={"name": name}), code)


async def test_an_archived_name_stays_taken(sandbox: Sandbox, api: Api) -> None:
    rom = await room(sandbox, api)
    await api.conversations_archive(channel=rom)
    await refused(api.conversations_create(name="rom-k7f3", is_private=True), "name_taken")
    assert (await api.conversations_create(name="søsken_1"))["channel"]["name"] == "søsken_1"


async def test_the_workspace_may_refuse_new_rooms(api: Api, settings: Settings) -> None:
    settings.bots_may_create_rooms = False
    await refused(api.conversations_create(name="rom"), "restricted_action")


async def test_invitations_that_are_refused(sandbox: Sandbox, api: Api, rom: str) -> None:
    sandbox.add_person("gjest", is_ultra_restricted=True)
    sandbox.add_person("fremmed", is_stranger=True, team="T0OTHER")
    await sandbox.person("helse").is_deactivated()
    for user, code in {
        "U0NOBODY": "user_not_found",
        "U0TOTBOT": "cant_invite_self",
        "U0UDI": "already_in_channel",
        "U0HELSE": "cant_invite",
        sandbox.person("fremmed").id: "cant_invite",
    }.items():
        await refused(api.conversations_invite(channel=rom, users=user), code)
    await refused(api.api_call("conversations.invite", json={"channel": rom}), "no_user")
    await refused(api.conversations_invite(channel=rom, users=["U1"] * 1001), "too_many_users")
    guest = sandbox.person("gjest").id
    await api.conversations_invite(channel=rom, users=guest)
    other = await room(sandbox, api, name="rom-2")
    await refused(api.conversations_invite(channel=other, users=guest), "ura_max_channels")


async def test_one_bad_id_fails_all(sandbox: Sandbox, api: Api) -> None:
    rom = await room(sandbox, api)
    users = ["U0UDI", "U0NOBODY", "U0HELSE"]
    body = await refused(api.conversations_invite(channel=rom, users=users), "user_not_found")
    assert body["errors"] == [{"user": "U0NOBODY", "ok": False, "error": "user_not_found"}]
    assert sandbox.workspace.members(rom) == {"tot-bot"}


async def test_removing(sandbox: Sandbox, api: Api, settings: Settings) -> None:
    rom = await room(sandbox, api, "udi", "helse")
    await api.conversations_kick(channel=rom, user="U0UDI")
    await refused(api.conversations_kick(channel=rom, user="U0UDI"), "not_in_channel")
    await refused(api.conversations_kick(channel=rom, user="U0TOTBOT"), "cant_kick_self")
    await refused(api.conversations_kick(channel=rom, user="U0NOBODY"), "user_not_found")
    general = sandbox.workspace.channel_named("generelt")
    assert general is not None
    await refused(api.conversations_kick(channel=general.id, user="U0UDI"), "cant_kick_from_general")
    settings.bots_may_remove = False
    await refused(api.conversations_kick(channel=rom, user="U0HELSE"), "restricted_action")
    assert sandbox.workspace.members(rom) == {"tot-bot", "helse"}


async def test_archiving(sandbox: Sandbox, api: Api, rom: str) -> None:
    await api.conversations_archive(channel=rom)
    await refused(api.conversations_archive(channel=rom), "already_archived")
    general = sandbox.workspace.channel_named("generelt")
    assert general is not None
    await refused(api.conversations_archive(channel=general.id), "cant_archive_general")


async def test_a_private_room_the_bot_is_not_in_does_not_exist(sandbox: Sandbox, api: Api) -> None:
    rom = await room(sandbox, api, "udi", "helse")
    await sandbox.person("udi").removes("tot-bot", "rom-k7f3")
    for call in (
        api.conversations_members(channel=rom),
        api.conversations_history(channel=rom),
        api.conversations_invite(channel=rom, users="U0HELSE"),
        api.conversations_kick(channel=rom, user="U0UDI"),
        api.conversations_archive(channel=rom),
    ):
        await refused(call, "channel_not_found")
    await sandbox.person("udi").invites("tot-bot", "rom-k7f3")
    assert (await api.conversations_members(channel=rom))["ok"]


async def test_a_public_channel_the_bot_is_not_in(sandbox: Sandbox, api: Api) -> None:
    public = (await api.conversations_create(name="apen"))["channel"]["id"]
    await api.conversations_invite(channel=public, users="U0HELSE")
    await sandbox.person("helse").removes("tot-bot", "apen")
    assert (await api.conversations_members(channel=public))["members"] == ["U0HELSE"]
    await refused(api.conversations_history(channel=public), "not_in_channel")
    await refused(api.conversations_invite(channel=public, users="U0UDI"), "not_in_channel")


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
    direct = again["channel"]["id"]
    await refused(
        api.conversations_kick(channel=direct, user="U0UDI"), "method_not_supported_for_channel_type"
    )


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
    general = sandbox.workspace.channel_named("generelt")
    assert general is not None
    found: list[str] = []
    async for page in await api.conversations_members(channel=general.id, limit=4):
        found += page["members"]
    assert found == general.members
    settings.page_cap = 3
    first = await api.conversations_members(channel=general.id, limit=200)
    assert len(first["members"]) == 3
    assert first["response_metadata"]["next_cursor"]
    for bad, code in {"cursor": "invalid_cursor", "limit": "invalid_arguments"}.items():
        asked = {"channel": general.id, bad: "!"}
        await refused(api.api_call("conversations.members", params=asked), code)
    await refused(api.conversations_members(channel=general.id, limit=1001), "invalid_limit")


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

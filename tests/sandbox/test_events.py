"""Events: which are sent, to whom, and what they carry."""

from __future__ import annotations

import pytest

from sandbox import Person, Sandbox
from tests.sandbox.kit import actions, button, home, section
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, manifest, room


@pytest.fixture(autouse=True)
def answering(bot: LittleBot) -> None:
    bot.answers_events()


async def test_the_wrapping_is_complete(sandbox: Sandbox, bot: LittleBot) -> None:
    await sandbox.person("udi").writes("hei @koordinator & <alle>")
    await sandbox.acked()
    (body,) = bot.bodies
    assert body["type"] == "event_callback"
    assert (body["team_id"], body["api_app_id"]) == ("T0SANDBOX", "A0TOTBOT")
    assert body["event_id"].startswith("Ev")
    assert body["context_enterprise_id"] is None
    assert body["authorizations"][0]["user_id"] == "U0TOTBOT"
    event = body["event"]
    assert event["text"] == "hei <@U0KOORDINATOR> &amp; &lt;alle&gt;"
    assert (event["channel_type"], event["user"], event["ts"]) == ("im", "U0UDI", event["event_ts"])
    assert event["blocks"][0]["elements"][0]["elements"][1] == {"type": "user", "user_id": "U0KOORDINATOR"}
    assert sandbox.person("udi").reads("tot-bot") == ["hei @koordinator & <alle>"]


async def test_members_come_and_go(sandbox: Sandbox, bot: LittleBot, api: Api, rom: str) -> None:
    await sandbox.person("udi").invites("helse", "rom-k7f3")
    await sandbox.person("helse").leaves("rom-k7f3")
    await api.conversations_kick(channel=rom, user="U0UDI")
    await sandbox.acked()
    joined = [(e["user"], e.get("inviter"), e["channel"]) for e in bot.events("member_joined_channel")]
    assert joined == [("U0TOTBOT", None, rom), ("U0UDI", "U0TOTBOT", rom), ("U0HELSE", "U0UDI", rom)]
    assert [e["user"] for e in bot.events("member_left_channel")] == ["U0HELSE", "U0UDI"]


async def test_the_bot_removed_from_a_room_hears_no_more(sandbox: Sandbox, bot: LittleBot, rom: str) -> None:
    await sandbox.person("udi").removes("tot-bot", "rom-k7f3")
    await sandbox.person("udi").writes("nå er vi alene", to="rom-k7f3")
    await sandbox.acked()
    assert bot.events("group_left")[0]["channel"] == rom
    assert "nå er vi alene" not in [e.get("text") for e in bot.events("message")]


async def test_messages_in_rooms_edited_and_deleted(
    sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person
) -> None:
    await room(sandbox, api, "udi")
    await udi.writes("navnet er Ola", to="rom-k7f3")
    await udi.edits("navnet", "person A", in_="rom-k7f3")
    await udi.deletes("person A", in_="rom-k7f3")
    await sandbox.acked()
    events = [e for e in bot.events("message") if e.get("subtype") != "channel_join"]
    assert [e.get("subtype") for e in events] == [None, "message_changed", "message_deleted"]
    assert {e["channel_type"] for e in events} == {"group"}
    changed, deleted = events[1:]
    assert changed["message"]["text"] == "person A"
    assert changed["previous_message"]["text"] == "navnet er Ola"
    assert deleted["deleted_ts"] == events[0]["ts"]


async def test_its_own_messages_come_back_too(sandbox: Sandbox, api: Api) -> None:
    blocks = [section("x"), actions(button("Ja"))]
    posted = await api.chat_postMessage(channel="U0UDI", text="x", blocks=blocks)
    await api.chat_update(channel=posted["channel"], ts=posted["ts"], text="y")
    await sandbox.acked()
    first, second = (delivery.payload["event"] for delivery in sandbox.workspace.deliveries)
    assert (first["bot_id"], first["user"]) == ("B0TOTBOT", "U0TOTBOT")
    assert first["blocks"][1]["elements"][0]["action_id"] == "ja"
    assert second["subtype"] == "message_changed"


async def test_files(sandbox: Sandbox, bot: LittleBot, api: Api) -> None:
    await room(sandbox, api, "udi")
    await sandbox.person("udi").uploads("notat.txt", b"hei", "rom-k7f3")
    await sandbox.acked()
    message = bot.events("message")[-1]
    assert (message["subtype"], message["files"][0]["name"]) == ("file_share", "notat.txt")


async def test_people_change_and_are_deactivated(sandbox: Sandbox, bot: LittleBot, api: Api) -> None:
    await room(sandbox, api, "udi")
    await sandbox.person("helse").changes_profile(display_name="Helse Bergen")
    await sandbox.person("udi").is_deactivated()
    await sandbox.acked()
    changed, deactivated = bot.events("user_change")
    assert changed["user"]["profile"]["display_name"] == "Helse Bergen"
    assert (deactivated["user"]["id"], deactivated["user"]["deleted"]) == ("U0UDI", True)
    assert sandbox.workspace.members("rom-k7f3") == {"tot-bot"}
    await sandbox.person("udi").is_reactivated()
    assert sandbox.person("udi").channels() == ["generelt"]


async def test_home_opened_carries_what_was_published(
    sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person
) -> None:
    await api.views_publish(user_id="U0UDI", view=home())
    assert await udi.opens_home() == "Velkommen"
    await udi.opens_messages()
    await sandbox.acked()
    opened = bot.events("app_home_opened")
    assert [event["tab"] for event in opened] == ["home", "messages"]
    assert opened[0]["view"]["blocks"][0]["text"]["text"] == "Velkommen"
    assert "view" not in opened[1]


async def test_a_room_is_archived(sandbox: Sandbox, api: Api, rom: str) -> None:
    await api.conversations_archive(channel=rom)
    await sandbox.acked()
    # Bolt does not pass on what its own bot did; the envelopes show it.
    events = {d.name: d.payload["event"] for d in sandbox.workspace.deliveries}
    assert events["group_archive"] == events["group_archive"] | {"channel": rom, "user": "U0TOTBOT"}


@pytest.mark.parametrize("missing", ["message.groups", "groups:history"])
async def test_only_what_is_subscribed_to_and_allowed(missing: str) -> None:
    async with Sandbox(manifest(without=[missing])) as sandbox:
        client = Api(sandbox.bot_token, base_url=sandbox.api_url)
        await room(sandbox, client, "udi")
        await sandbox.person("udi").writes("i rommet", to="rom-k7f3")
        await sandbox.person("udi").writes("til boten")
        texts = [d.payload["event"].get("text") for d in sandbox.workspace.deliveries]
    assert "til boten" in texts
    assert "i rommet" not in texts

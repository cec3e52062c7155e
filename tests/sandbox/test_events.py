"""Events: which are sent, to whom, and what they carry."""

from __future__ import annotations

import pytest

from sandbox import Person, Sandbox
from tests.sandbox.kit import actions, button, section
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, room, workspace


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


async def test_what_is_written_edited_deleted_and_uploaded_in_a_room_until_the_bot_is_removed(
    sandbox: Sandbox, bot: LittleBot, rom: str, udi: Person
) -> None:
    await udi.writes("navnet er Ola", to="rom-k7f3")
    await udi.edits("navnet", "person A", in_="rom-k7f3")
    await udi.deletes("person A", in_="rom-k7f3")
    await udi.uploads("notat.txt", b"hei", "rom-k7f3")
    await udi.removes("tot-bot", "rom-k7f3")
    await udi.writes("nå er vi alene", to="rom-k7f3")
    await sandbox.acked()
    events = [e for e in bot.events("message") if e.get("subtype") != "channel_join"]
    told = [None, "message_changed", "message_deleted", "file_share"]
    assert [e.get("subtype") for e in events] == told
    assert {e["channel_type"] for e in events} == {"group"}
    _, changed, deleted, uploaded = events
    assert changed["message"]["text"] == "person A"
    assert changed["previous_message"]["text"] == "navnet er Ola"
    assert deleted["deleted_ts"] == events[0]["ts"]
    assert uploaded["files"][0]["name"] == "notat.txt"
    assert bot.events("group_left")[0]["channel"] == rom


async def test_its_own_messages_come_back_too(sandbox: Sandbox, api: Api) -> None:
    blocks = [section("x"), actions(button("Ja"))]
    posted = await api.chat_postMessage(channel="U0UDI", text="x", blocks=blocks)
    await api.chat_update(channel=posted["channel"], ts=posted["ts"], text="y")
    await sandbox.acked()
    first, second = (delivery.payload["event"] for delivery in sandbox.workspace.deliveries)
    assert (first["bot_id"], first["user"]) == ("B0TOTBOT", "U0TOTBOT")
    assert first["blocks"][1]["elements"][0]["action_id"] == "ja"
    assert second["subtype"] == "message_changed"


async def test_people_change_and_are_deactivated(sandbox: Sandbox, bot: LittleBot, rom: str) -> None:
    await sandbox.person("helse").changes_profile(display_name="Helse Bergen")
    await sandbox.person("udi").is_deactivated()
    await sandbox.acked()
    changed, deactivated = bot.events("user_change")
    assert changed["user"]["profile"]["display_name"] == "Helse Bergen"
    assert (deactivated["user"]["id"], deactivated["user"]["deleted"]) == ("U0UDI", True)
    assert sandbox.workspace.members(rom) == {"tot-bot"}
    await sandbox.person("udi").is_reactivated()
    assert sandbox.person("udi").channels() == ["generelt"]


@pytest.mark.parametrize("missing", ["message.groups", "groups:history"])
async def test_only_what_is_subscribed_to_and_allowed(missing: str) -> None:
    async with workspace(without=[missing]) as (sandbox, api):
        await room(sandbox, api, "udi")
        await sandbox.person("udi").writes("i rommet", to="rom-k7f3")
        await sandbox.person("udi").writes("til boten")
        texts = [d.payload["event"].get("text") for d in sandbox.workspace.deliveries]
    assert "til boten" in texts
    assert "i rommet" not in texts

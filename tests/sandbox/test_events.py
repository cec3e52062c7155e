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


async def test_what_is_written_edited_and_uploaded_in_a_room_until_the_bot_is_removed(
    sandbox: Sandbox, bot: LittleBot, rom: str, udi: Person
) -> None:
    await udi.writes("navnet er Ola & <alle>", to="rom-k7f3")
    await udi.edits("navnet", "person A", in_="rom-k7f3")
    await udi.uploads("notat.txt", b"hei", "rom-k7f3")
    await udi.removes("tot-bot", "rom-k7f3")
    await udi.writes("nå er vi alene", to="rom-k7f3")
    await sandbox.acked()
    events = [e for e in bot.events("message") if e.get("subtype") != "channel_join"]
    assert [e.get("subtype") for e in events] == [None, "message_changed", "file_share"]
    assert {e["channel_type"] for e in events} == {"group"}
    _, changed, uploaded = events
    assert changed["message"]["text"] == "person A"
    assert changed["previous_message"]["text"] == "navnet er Ola &amp; &lt;alle&gt;"
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


@pytest.mark.parametrize("missing", ["message.groups", "groups:history"])
async def test_only_what_is_subscribed_to_and_allowed(missing: str) -> None:
    async with workspace(without=[missing]) as (sandbox, api):
        await room(sandbox, api, "udi")
        await sandbox.person("udi").writes("i rommet", to="rom-k7f3")
        await sandbox.person("udi").writes("til boten")
        texts = [d.payload["event"].get("text") for d in sandbox.workspace.deliveries]
    assert "til boten" in texts
    assert "i rommet" not in texts

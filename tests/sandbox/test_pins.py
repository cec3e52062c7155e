"""pins.add: the line that Slack writes, its event, and what is refused."""

from __future__ import annotations

from sandbox import Sandbox
from tests.sandbox.kit import Api, refused
from tests.sandbox.little_bot import LittleBot


async def test_a_pin_is_said_by_a_line_that_the_app_hears(
    sandbox: Sandbox, api: Api, bot: LittleBot, rom: str
) -> None:
    ts = (await api.chat_postMessage(channel=rom, text="kortet"))["ts"]
    assert (await api.pins_add(channel=rom, timestamp=ts))["ok"]
    line = sandbox.person("udi").messages("rom-k7f3")[-1]
    assert (line.text, line.sender) == ("@tot-bot pinned a message to this channel.", "slackbot")
    # Bolt keeps an app's own lines from its listeners; they are sent all the same.
    events = [d.payload.get("event", {}) for d in sandbox.workspace.deliveries]
    (told,) = [e for e in events if e.get("subtype") == "pinned_item"]
    assert (told["type"], told["channel"], told["channel_type"]) == ("message", rom, "group")
    await refused(api.pins_add(channel=rom, timestamp=ts), "already_pinned")
    await api.chat_delete(channel=rom, ts=ts)
    await refused(api.pins_add(channel=rom, timestamp=ts), "message_not_found")


async def test_what_cannot_be_pinned(sandbox: Sandbox, api: Api, rom: str) -> None:
    joined = next(iter(sandbox.workspace.channels[rom].messages))
    for arguments, code in (
        ({"channel": "C0NOWHERE", "timestamp": "1.1"}, "channel_not_found"),
        ({"channel": rom}, "no_item_specified"),
        ({"channel": rom, "timestamp": "i går"}, "bad_timestamp"),
        ({"channel": rom, "timestamp": "1.1"}, "message_not_found"),
        ({"channel": rom, "timestamp": joined}, "not_pinnable"),
    ):
        await refused(api.api_call("pins.add", json=arguments), code)
    await api.conversations_archive(channel=rom)
    await refused(api.pins_add(channel=rom, timestamp="1.1"), "is_archived")


async def test_nothing_is_pinned_where_the_bot_is_not(sandbox: Sandbox, api: Api) -> None:
    public = (await api.conversations_create(name="apen"))["channel"]["id"]
    await api.conversations_invite(channel=public, users="U0UDI")
    ts = (await api.chat_postMessage(channel=public, text="x"))["ts"]
    await sandbox.person("udi").removes("tot-bot", "apen")
    await refused(api.pins_add(channel=public, timestamp=ts), "not_in_channel")

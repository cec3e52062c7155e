"""Messages: posted, changed, deleted, ephemeral, read back, pinned; response URLs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from sandbox import CouldNot, Person, Sandbox, Settings
from tests.sandbox.kit import actions, button, section
from tests.sandbox.little_bot import LittleBot, acknowledge
from tests.sandbox.slack import Api, could_not, refused, room


async def test_posting_to_a_person_and_a_room(sandbox: Sandbox, api: Api) -> None:
    posted = await api.chat_postMessage(channel="U0UDI", text="hei <@U0UDI>, *viktig* &amp; &lt;kort&gt;")
    assert posted["channel"].startswith("D")
    assert sandbox.person("udi").reads("tot-bot") == ["hei @udi, *viktig* & <kort>"]
    rom = await room(sandbox, api, "udi")
    await api.chat_postMessage(channel=rom, text="møte", blocks=[section("*Møte*")])
    assert sandbox.person("udi").reads("rom-k7f3")[-1] == "*Møte*"
    with pytest.raises(CouldNot, match="sees no 'rom-k7f3'"):
        sandbox.person("helse").reads("rom-k7f3")


async def test_ts_is_strictly_increasing_even_when_time_goes_back(sandbox: Sandbox, api: Api) -> None:
    first = (await api.chat_postMessage(channel="U0UDI", text="a"))["ts"]
    sandbox.clock.move(timedelta(hours=-1))
    second = (await api.chat_postMessage(channel="U0UDI", text="b"))["ts"]
    assert float(first) < float(second)
    assert len(first.partition(".")[2]) == 6


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "U0UDI", "text": ""}, "no_text"),
        ({"channel": "U0UDI", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "U0UDI", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": "U0UDI", "blocks": "{}"}, "invalid_blocks_format"),
        ({"channel": "U0UDI", "text": "x", "metadata": "nei"}, "invalid_metadata_format"),
        ({"channel": "U0UDI", "text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_schema"),
    ],
)
async def test_what_cannot_be_posted(api: Api, arguments: dict[str, Any], code: str) -> None:
    await refused(api.api_call("chat.postMessage", json=arguments), code)


async def test_where_the_bot_cannot_post(sandbox: Sandbox, api: Api) -> None:
    public = (await api.conversations_create(name="apen"))["channel"]["id"]
    await api.conversations_invite(channel=public, users="U0UDI")
    secret = await room(sandbox, api, "udi")
    for name in ("apen", "rom-k7f3"):
        await sandbox.person("udi").removes("tot-bot", name)
    await refused(api.chat_postMessage(channel=public, text="x"), "not_in_channel")
    await refused(api.chat_postMessage(channel=secret, text="x"), "channel_not_found")
    direct = (await api.chat_postMessage(channel="U0HELSE", text="x"))["channel"]
    await sandbox.person("helse").is_deactivated()
    await refused(api.chat_postMessage(channel="U0HELSE", text="x"), "channel_not_found")
    await refused(api.chat_postMessage(channel=direct, text="x"), "is_archived")


async def test_blocks_that_break_the_rules(api: Api) -> None:
    blocks = [actions(button("Ja", "same"), button("Nei", "same"))]
    body = await refused(api.chat_postMessage(channel="U0UDI", text="x", blocks=blocks), "invalid_blocks")
    assert body["errors"] == ["action_id already exists: same [json-pointer:/blocks/0/elements/1/action_id]"]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {body['errors'][0]}"]


async def test_update(sandbox: Sandbox, api: Api) -> None:
    metadata = {"event_type": "op", "event_payload": {"op_id": "1"}}
    posted = await api.chat_postMessage(channel="U0UDI", text="før", metadata=metadata)
    channel, ts = posted["channel"], posted["ts"]
    await api.chat_update(channel=channel, ts=ts, text="nå", blocks=[section("nå")])
    assert sandbox.person("udi").reads("tot-bot") == ["nå"]
    history = await api.conversations_history(channel=channel, include_all_metadata=True)
    assert history["messages"][0]["metadata"]["event_payload"] == {"op_id": "1"}
    assert history["messages"][0]["edited"]["user"] == "U0TOTBOT"
    await api.chat_update(channel=channel, ts=ts, text="reserve", metadata={})
    assert sandbox.person("udi").reads("tot-bot") == ["nå"]
    history = await api.conversations_history(channel=channel, include_all_metadata=True)
    assert "metadata" not in history["messages"][0]
    await refused(api.chat_update(channel=channel, ts="1.000001", text="x"), "message_not_found")
    await refused(api.chat_update(channel=channel, ts=ts, text="x" * 4001), "msg_too_long")
    await refused(api.chat_update(channel="U0UDI", ts=ts, text="x"), "channel_not_found")


async def test_only_its_own_messages(sandbox: Sandbox, api: Api) -> None:
    written = await sandbox.person("udi").writes("mitt")
    channel = written.source.channel
    await refused(api.chat_update(channel=channel, ts=written.ts, text="x"), "cant_update_message")
    await refused(api.chat_delete(channel=channel, ts=written.ts), "cant_delete_message")


async def test_delete(api: Api, settings: Settings, rom: str) -> None:
    first = (await api.chat_postMessage(channel=rom, text="a"))["ts"]
    second = (await api.chat_postMessage(channel=rom, text="b"))["ts"]
    await api.chat_delete(channel=rom, ts=first)
    await refused(api.chat_delete(channel=rom, ts=first), "message_not_found")
    await api.conversations_archive(channel=rom)
    await refused(api.chat_delete(channel=rom, ts=second), "is_archived")
    await refused(api.chat_update(channel=rom, ts=second, text="x"), "is_inactive")
    settings.may_delete_in_archived = True
    await api.chat_delete(channel=rom, ts=second)


async def test_ephemeral(sandbox: Sandbox, api: Api) -> None:
    rom = await room(sandbox, api, "udi", "helse")
    await api.chat_postEphemeral(channel=rom, user="U0UDI", text="bare du")
    assert sandbox.person("udi").reads("rom-k7f3")[-1] == "bare du"
    assert "bare du" not in sandbox.person("helse").reads("rom-k7f3")
    texts = [m["text"] for m in (await api.conversations_history(channel=rom))["messages"]]
    assert "bare du" not in texts
    outsider = api.chat_postEphemeral(channel=rom, user="U0UTENFOR", text="x")
    await refused(outsider, "user_not_in_channel")


async def test_what_is_written_in_a_thread_is_not_in_the_history(
    sandbox: Sandbox, bot: LittleBot, api: Api
) -> None:
    bot.answers_events()
    rom = await room(sandbox, api, "udi")
    parent = (await api.chat_postMessage(channel=rom, text="tråd"))["ts"]
    await sandbox.person("udi").writes("svar", to="rom-k7f3", in_thread="tråd")
    await sandbox.acked()
    reply = bot.events("message")[-1]
    assert (reply["text"], reply["thread_ts"], reply["parent_user_id"]) == ("svar", parent, "U0TOTBOT")
    main = (await api.conversations_history(channel=rom))["messages"]
    assert "svar" not in [m["text"] for m in main]
    assert (main[0]["reply_count"], main[0]["reply_users"]) == (1, ["U0UDI"])


async def command_response_url(sandbox: Sandbox, bot: LittleBot) -> str:
    bot.app.command("/tot")(acknowledge)
    await sandbox.person("udi").types("/tot", in_="#generelt")
    url: str = bot.commands()[-1]["response_url"]
    return url


async def test_a_response_url_works_five_times(sandbox: Sandbox, bot: LittleBot) -> None:
    url = await command_response_url(sandbox, bot)
    async with aiohttp.ClientSession() as http:
        for number in range(5):
            assert (await http.post(url, json={"text": f"svar {number}"})).status == 200
        used = await http.post(url, json={"text": "for mye"})
        assert (used.status, await used.text()) == (404, "used_url")
        assert (await http.post(url[:-3], json={"text": "x"})).status == 404
    assert sandbox.person("udi").reads("generelt")[-1] == "svar 4"
    assert "svar 4" not in sandbox.person("helse").reads("generelt")


async def test_a_response_url_expires(sandbox: Sandbox, bot: LittleBot, settings: Settings) -> None:
    settings.response_url_seconds = 0.01
    url = await command_response_url(sandbox, bot)
    await asyncio.sleep(0.02)
    async with aiohttp.ClientSession() as http:
        assert await (await http.post(url, json={"text": "x"})).text() == "expired_url"


async def test_a_response_url_checks_what_it_shows(sandbox: Sandbox, bot: LittleBot) -> None:
    url = await command_response_url(sandbox, bot)
    async with aiohttp.ClientSession() as http:
        assert await (await http.post(url, json={})).text() == "no_text"
        assert await (await http.post(url, data=b"{")).text() == "invalid_payload"
        wrong = await http.post(url, json={"blocks": [{"type": "nothing"}]})
        assert (wrong.status, await wrong.text()) == (400, "invalid_blocks")
        await http.post(url, json={"text": "til alle", "response_type": "in_channel"})
    assert sandbox.person("helse").reads("generelt")[-1] == "til alle"


@pytest.mark.parametrize("ephemeral", [True, False])
async def test_a_response_url_replaces_what_was_clicked(
    bot: LittleBot, api: Api, ephemeral: bool, rom: str, udi: Person
) -> None:
    blocks = [section("Kommer du?"), actions(button("Ja"))]
    if ephemeral:
        await api.chat_postEphemeral(channel=rom, user="U0UDI", text="?", blocks=blocks)
    else:
        await api.chat_postMessage(channel=rom, text="?", blocks=blocks)

    async def yes(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Takk", blocks=[section("Takk")], replace_original=True)

    bot.app.action("ja")(yes)
    await udi.presses("Ja")
    await udi.sees("Takk", in_="rom-k7f3")
    await udi.sees_no("Kommer du?")
    (body,) = bot.interactions("block_actions")
    assert body["container"]["is_ephemeral"] is ephemeral
    assert ("message" in body) is not ephemeral
    assert body["channel"] == {"id": rom, "name": "privategroup"}


async def test_the_answer_in_an_acknowledgement(bot: LittleBot, udi: Person) -> None:
    answers: list[dict[str, Any]] = [
        {"text": "bare deg"},
        {"text": "alle", "response_type": "in_channel"},
        {"blocks": [{"type": "nothing"}]},
    ]

    async def answer(ack: Any) -> None:
        await ack(answers[len(bot.commands()) - 1])

    bot.app.command("/tot")(answer)
    shown = await udi.types("/tot")
    assert shown is not None
    assert (shown.text, shown.ephemeral) == ("bare deg", True)
    shown = await udi.types("/tot")
    assert shown is not None
    assert (shown.text, shown.ephemeral) == ("alle", False)
    await could_not(udi.types("/tot"), "invalid_blocks")


# --- conversations.history


async def posted(api: Api, count: int) -> tuple[str, list[str]]:
    answers = [await api.chat_postMessage(channel="U0UDI", text=str(n)) for n in range(count)]
    return answers[0]["channel"], [answer["ts"] for answer in answers]


async def test_newest_first_and_newer_than_the_oldest(api: Api) -> None:
    channel, ts = await posted(api, 4)
    newest = await api.conversations_history(channel=channel)
    assert "".join(m["text"] for m in newest["messages"]) == "3210"
    newer = await api.conversations_history(channel=channel, oldest=ts[1])
    assert "".join(m["text"] for m in newer["messages"]) == "32"
    await refused(api.conversations_history(channel=channel, oldest="i går"), "invalid_ts_oldest")


async def test_pages_of_fifteen_that_new_messages_do_not_shift(api: Api, settings: Settings) -> None:
    settings.page_cap = 15
    channel, _ = await posted(api, 20)
    first = await api.conversations_history(channel=channel, limit=999)
    assert first["has_more"] is True
    await api.chat_postMessage(channel="U0UDI", text="ny")
    cursor = first["response_metadata"]["next_cursor"]
    second = await api.conversations_history(channel=channel, limit=999, cursor=cursor)
    assert second["has_more"] is False
    assert [m["text"] for m in first["messages"] + second["messages"]] == [str(n) for n in range(19, -1, -1)]
    await refused(api.conversations_history(channel=channel, cursor="bm8="), "invalid_cursor")


async def test_metadata_only_when_asked_for(sandbox: Sandbox, api: Api) -> None:
    metadata = {"event_type": "op", "event_payload": {"op_id": "k1"}}
    channel = (await api.chat_postMessage(channel="U0UDI", text="x", metadata=metadata))["channel"]
    without = await api.conversations_history(channel=channel)
    assert "metadata" not in without["messages"][0]
    having = await api.conversations_history(channel=channel, include_all_metadata=True)
    assert having["messages"][0]["metadata"] == metadata


# --- pins.add


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

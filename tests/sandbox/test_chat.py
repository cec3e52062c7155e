"""Messages: posted, changed, deleted, ephemeral, read back, pinned; response URLs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from sandbox import Person, Sandbox, Settings
from tests.sandbox.kit import actions, button, section
from tests.sandbox.little_bot import LittleBot, acknowledge
from tests.sandbox.slack import Api, could_not, refused, room


async def test_ts_is_strictly_increasing_even_when_time_goes_back(sandbox: Sandbox, api: Api) -> None:
    first = (await api.chat_postMessage(channel="U0UDI", text="a"))["ts"]
    sandbox.clock.move(timedelta(hours=-1))
    second = (await api.chat_postMessage(channel="U0UDI", text="b"))["ts"]
    assert float(first) < float(second)
    assert len(first.partition(".")[2]) == 6


async def test_what_cannot_be_posted_and_where(sandbox: Sandbox, api: Api, rom: str) -> None:
    udi: dict[str, Any] = {"channel": "U0UDI", "text": "x"}
    for arguments, code in (
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        (udi | {"text": ""}, "no_text"),
        (udi | {"text": "x" * 40_001}, "msg_too_long"),
        (udi | {"blocks": "{"}, "invalid_blocks_format"),
        (udi | {"blocks": "{}"}, "invalid_blocks_format"),
        (udi | {"metadata": "nei"}, "invalid_metadata_format"),
        (udi | {"metadata": {"event_type": "t"}}, "invalid_metadata_schema"),
    ):
        await refused(api.api_call("chat.postMessage", json=arguments), code)
    blocks = [actions(button("Ja", "same"), button("Nei", "same"))]
    body = await refused(api.chat_postMessage(blocks=blocks, **udi), "invalid_blocks")
    assert body["errors"] == ["action_id already exists: same [json-pointer:/blocks/0/elements/1/action_id]"]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {body['errors'][0]}"]
    outsider = api.chat_postEphemeral(channel=rom, user="U0UTENFOR", text="x")
    await refused(outsider, "user_not_in_channel")
    public = (await api.conversations_create(name="apen"))["channel"]["id"]
    await api.conversations_invite(channel=public, users="U0UDI")
    pinned = (await api.chat_postMessage(channel=public, text="x"))["ts"]
    for name in ("apen", "rom-k7f3"):
        await sandbox.person("udi").removes("tot-bot", name)
    await refused(api.chat_postMessage(channel=public, text="x"), "not_in_channel")
    await refused(api.pins_add(channel=public, timestamp=pinned), "not_in_channel")
    await refused(api.chat_postMessage(channel=rom, text="x"), "channel_not_found")
    direct = (await api.chat_postMessage(channel="U0HELSE", text="x"))["channel"]
    await sandbox.person("helse").is_deactivated()
    await refused(api.chat_postMessage(channel="U0HELSE", text="x"), "channel_not_found")
    await refused(api.chat_postMessage(channel=direct, text="x"), "is_archived")


async def test_update(sandbox: Sandbox, api: Api) -> None:
    metadata = {"event_type": "op", "event_payload": {"op_id": "1"}}
    posted = await api.chat_postMessage(channel="U0UDI", text="før", metadata=metadata)
    channel, ts = posted["channel"], posted["ts"]
    await api.chat_update(channel=channel, ts=ts, text="nå", blocks=[section("nå")])
    assert sandbox.person("udi").reads("tot-bot") == ["nå"]
    assert "metadata" not in (await api.conversations_history(channel=channel))["messages"][0]
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


async def test_deleting_and_changing_what_is_not_its_own(
    sandbox: Sandbox, api: Api, settings: Settings, rom: str
) -> None:
    written = await sandbox.person("udi").writes("mitt")
    theirs: dict[str, Any] = {"channel": written.source.channel, "ts": written.ts}
    await refused(api.chat_update(text="x", **theirs), "cant_update_message")
    await refused(api.chat_delete(**theirs), "cant_delete_message")
    first = (await api.chat_postMessage(channel=rom, text="a"))["ts"]
    second = (await api.chat_postMessage(channel=rom, text="b"))["ts"]
    await api.chat_delete(channel=rom, ts=first)
    await refused(api.chat_delete(channel=rom, ts=first), "message_not_found")
    await api.conversations_archive(channel=rom)
    await refused(api.chat_delete(channel=rom, ts=second), "is_archived")
    await refused(api.chat_update(channel=rom, ts=second, text="x"), "is_inactive")
    settings.may_delete_in_archived = True
    await api.chat_delete(channel=rom, ts=second)


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


async def test_a_response_url_works_five_times_for_a_while_and_checks_what_it_shows(
    sandbox: Sandbox, bot: LittleBot, settings: Settings, udi: Person
) -> None:
    bot.app.command("/tot")(acknowledge)
    await udi.types("/tot")
    url: str = bot.commands()[-1]["response_url"]
    async with aiohttp.ClientSession() as http:

        async def refusal(**what: Any) -> tuple[int, str]:
            answer = await http.post(url, **what)
            return answer.status, await answer.text()

        for text in ("først", "bare deg"):
            assert (await http.post(url, json={"text": text})).status == 200
        assert udi.reads("generelt")[-1] == "bare deg"
        assert "bare deg" not in sandbox.person("helse").reads("generelt")
        assert await refusal(json={}) == (400, "no_text")
        assert await refusal(data=b"{") == (400, "invalid_payload")
        assert await refusal(json={"blocks": [{"type": "nothing"}]}) == (400, "invalid_blocks")
        await http.post(url, json={"text": "til alle", "response_type": "in_channel"})
        assert sandbox.person("helse").reads("generelt")[-1] == "til alle"
        assert await refusal(json={"text": "for mye"}) == (404, "used_url")
        assert (await http.post(url[:-3], json={"text": "x"})).status == 404
        settings.response_url_seconds = 0
        assert (await refusal(json={"text": "x"}))[1] == "expired_url"


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


async def test_newest_first_in_pages_that_new_messages_do_not_shift(api: Api, settings: Settings) -> None:
    settings.page_cap = 15
    answers = [await api.chat_postMessage(channel="U0UDI", text=str(n)) for n in range(20)]
    channel = answers[0]["channel"]
    first = await api.conversations_history(channel=channel, limit=999)
    assert first["has_more"] is True
    await api.chat_postMessage(channel="U0UDI", text="ny")
    cursor = first["response_metadata"]["next_cursor"]
    second = await api.conversations_history(channel=channel, limit=999, cursor=cursor)
    assert second["has_more"] is False
    assert [m["text"] for m in first["messages"] + second["messages"]] == [str(n) for n in range(19, -1, -1)]
    newer = await api.conversations_history(channel=channel, oldest=answers[17]["ts"])
    assert [m["text"] for m in newer["messages"]] == ["ny", "19", "18"]
    await refused(api.conversations_history(channel=channel, oldest="i går"), "invalid_ts_oldest")
    await refused(api.conversations_history(channel=channel, cursor="bm8="), "invalid_cursor")


# --- pins.add


async def test_a_pin_is_said_by_a_line_that_the_app_hears(
    sandbox: Sandbox, api: Api, bot: LittleBot, rom: str
) -> None:
    joined = next(iter(sandbox.workspace.channels[rom].messages))
    ts = (await api.chat_postMessage(channel=rom, text="kortet"))["ts"]
    assert (await api.pins_add(channel=rom, timestamp=ts))["ok"]
    line = sandbox.person("udi").messages("rom-k7f3")[-1]
    assert (line.text, line.sender) == ("@tot-bot pinned a message to this channel.", "slackbot")
    # Bolt hides an app's own lines from its listeners; they are sent nevertheless.
    events = [d.payload.get("event", {}) for d in sandbox.workspace.deliveries]
    (told,) = [e for e in events if e.get("subtype") == "pinned_item"]
    assert (told["type"], told["channel"], told["channel_type"]) == ("message", rom, "group")
    await refused(api.pins_add(channel=rom, timestamp=ts), "already_pinned")
    await api.chat_delete(channel=rom, ts=ts)
    for arguments, code in (
        ({"channel": rom, "timestamp": ts}, "message_not_found"),
        ({"channel": "C0NOWHERE", "timestamp": "1.1"}, "channel_not_found"),
        ({"channel": rom}, "no_item_specified"),
        ({"channel": rom, "timestamp": "i går"}, "bad_timestamp"),
        ({"channel": rom, "timestamp": joined}, "not_pinnable"),
    ):
        await refused(api.api_call("pins.add", json=arguments), code)
    await api.conversations_archive(channel=rom)
    await refused(api.pins_add(channel=rom, timestamp="1.1"), "is_archived")

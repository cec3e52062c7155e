"""Messages: posted, changed, deleted, pinned; response URLs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp

from sandbox import Person, Sandbox, Settings
from tests.sandbox.kit import actions, button, section
from tests.sandbox.little_bot import LittleBot, acknowledge
from tests.sandbox.slack import Api, could_not, refused


async def test_ts_is_strictly_increasing_even_when_time_goes_back(sandbox: Sandbox, api: Api) -> None:
    first = (await api.chat_postMessage(channel="U0UDI", text="a"))["ts"]
    sandbox.clock.move(timedelta(hours=-1))
    second = (await api.chat_postMessage(channel="U0UDI", text="b"))["ts"]
    assert float(first) < float(second)


async def test_what_cannot_be_posted_and_where(sandbox: Sandbox, api: Api, rom: str) -> None:
    udi: dict[str, Any] = {"channel": "U0UDI", "text": "x"}
    for arguments, code in (
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        (udi | {"text": ""}, "no_text"),
        (udi | {"text": "x" * 40_001}, "msg_too_long"),
        (udi | {"blocks": "{"}, "invalid_blocks_format"),
    ):
        await refused(api.api_call("chat.postMessage", json=arguments), code)
    blocks = [actions(button("Ja", "same"), button("Nei", "same"))]
    body = await refused(api.chat_postMessage(blocks=blocks, **udi), "invalid_blocks")
    assert body["errors"] == ["action_id already exists: same [json-pointer:/blocks/0/elements/1/action_id]"]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {body['errors'][0]}"]
    outsider = api.chat_postEphemeral(channel=rom, user="U0UTENFOR", text="x")
    await refused(outsider, "user_not_in_channel")
    await sandbox.person("udi").removes("tot-bot", "rom-k7f3")
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


async def test_deleting_and_changing_what_is_not_its_own(sandbox: Sandbox, api: Api, rom: str) -> None:
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
        assert await refusal(json={"blocks": [{"type": "nothing"}]}) == (400, "invalid_blocks")
        assert (await http.post(url, json={"text": "nr. 5"})).status == 200
        assert await refusal(json={"text": "for mye"}) == (404, "used_url")
        settings.response_url_seconds = 0
        assert (await refusal(json={"text": "x"}))[1] == "expired_url"


async def test_the_answer_in_an_acknowledgement(bot: LittleBot, udi: Person) -> None:
    answers: list[dict[str, Any]] = [{"text": "bare deg"}, {"blocks": [{"type": "nothing"}]}]

    async def answer(ack: Any) -> None:
        await ack(answers[len(bot.commands()) - 1])

    bot.app.command("/tot")(answer)
    shown = await udi.types("/tot")
    assert shown is not None
    assert (shown.text, shown.ephemeral) == ("bare deg", True)
    await could_not(udi.types("/tot"), "invalid_blocks")


async def test_a_pin_is_said_by_a_line_that_the_app_hears(
    sandbox: Sandbox, api: Api, bot: LittleBot, rom: str
) -> None:
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
    await refused(api.pins_add(channel=rom, timestamp=ts), "message_not_found")

"""conversations.history: order, bounds, pages, metadata."""

from __future__ import annotations

from sandbox import Sandbox, Settings
from tests.sandbox.kit import Api, refused


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

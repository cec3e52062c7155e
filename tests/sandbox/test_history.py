"""conversations.history: order, bounds, pages, metadata."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Settings
from tests.sandbox.kit import refused


async def posted(api: AsyncWebClient, count: int) -> tuple[str, list[str]]:
    answers = [await api.chat_postMessage(channel="U0UDI", text=str(n)) for n in range(count)]
    return answers[0]["channel"], [answer["ts"] for answer in answers]


async def test_newest_first_and_bounds_exclusive_unless_inclusive(api: AsyncWebClient) -> None:
    channel, ts = await posted(api, 4)

    async def texts(**bounds: object) -> str:
        answer = await api.api_call("conversations.history", params={"channel": channel, **bounds})
        return "".join(m["text"] for m in answer["messages"])

    assert await texts() == "3210"
    assert await texts(oldest=ts[1]) == "32"
    assert await texts(oldest=ts[1], inclusive=1) == "321"
    assert await texts(latest=ts[2]) == "10"
    assert await texts(latest=ts[2], oldest=ts[0], inclusive="true") == "210"
    bad = api.conversations_history(channel=channel, oldest="i går")
    await refused(bad, "invalid_ts_oldest")


async def test_pages_of_fifteen_that_new_messages_do_not_shift(
    api: AsyncWebClient, settings: Settings
) -> None:
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


async def test_replies_in_pages(api: AsyncWebClient, settings: Settings) -> None:
    settings.page_cap = 2
    channel, ts = await posted(api, 1)
    for n in range(4):
        await api.chat_postMessage(channel=channel, text=f"svar {n}", thread_ts=ts[0])
    texts: list[str] = []
    async for page in await api.conversations_replies(channel=channel, ts=ts[0]):
        texts += [m["text"] for m in page["messages"] if m["text"] not in texts]
    assert texts == ["0", "svar 0", "svar 1", "svar 2", "svar 3"]


async def test_metadata_only_when_asked_for(sandbox: Sandbox, api: AsyncWebClient) -> None:
    metadata = {"event_type": "op", "event_payload": {"op_id": "k1"}}
    channel = (await api.chat_postMessage(channel="U0UDI", text="x", metadata=metadata))["channel"]
    without = await api.conversations_history(channel=channel)
    assert "metadata" not in without["messages"][0]
    having = await api.conversations_history(channel=channel, include_all_metadata=True)
    assert having["messages"][0]["metadata"] == metadata

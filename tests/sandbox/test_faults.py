"""Faults: what the caller gets, and the workspace's state afterwards; rate limits."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox import Fault, Sandbox, Settings
from tests.sandbox.slack import Api, refused

POST = "chat.postMessage"
RESET = aiohttp.ClientOSError


async def posting(api: Api, text: str = "x") -> Any:
    return await api.chat_postMessage(channel="U0UDI", text=text)


@pytest.mark.parametrize(
    ("kind", "status", "stored"),
    [
        *(("ratelimited", 429, 0), ("5xx_before", 503, 0), ("5xx_after", 503, 1)),
        *(("reset_before", None, 0), ("reset_after", None, 1)),
    ],
)
async def test_what_the_caller_meets_and_what_stands_then(
    sandbox: Sandbox, api: Api, kind: Any, status: int | None, stored: int
) -> None:
    sandbox.faults.add(Fault(kind, POST, retry_after=7, status=503))
    with pytest.raises(SlackApiError if status else RESET) as failure:
        await posting(api)
    call, response = sandbox.workspace.calls[-1], getattr(failure.value, "response", None)
    assert (call.status, call.fault) == (status, kind)
    if response is None:
        assert call.answer is None
    elif status == 429:
        assert (response.status_code, response["error"]) == (429, "ratelimited")
        assert response.headers["Retry-After"] == "7"
    else:
        assert (response.status_code, type(response.data)) == (503, str)
    assert len(sandbox.person("udi").reads("tot-bot")) == stored
    await posting(api)
    assert len(sandbox.person("udi").reads("tot-bot")) == stored + 1


@pytest.mark.parametrize(("kind", "stored"), [("hang_before", 0), ("hang_after", 1)])
async def test_a_call_that_hangs(sandbox: Sandbox, api: Api, kind: Any, stored: int) -> None:
    fault = sandbox.faults.add(Fault(kind, POST))
    call = asyncio.create_task(posting(api))
    assert await sandbox.workspace.changes.until(lambda: fault.hits == 1, 60.0)
    done, _ = await asyncio.wait({call}, timeout=0.05)
    assert not done
    assert len(sandbox.person("udi").reads("tot-bot")) == stored
    sandbox.faults.release()
    with pytest.raises(RESET):
        await call


async def test_a_slow_read_back(sandbox: Sandbox, api: Api) -> None:
    channel = (await posting(api))["channel"]
    sandbox.faults.add(Fault("slow", "conversations.history"))
    read = asyncio.create_task(api.conversations_history(channel=channel))
    assert await sandbox.workspace.changes.until(lambda: sandbox.workspace.calls[-1].fault == "slow", 60.0)
    await posting(api, "etterpå")
    sandbox.faults.release()
    assert [m["text"] for m in (await read)["messages"]] == ["x"]


async def test_a_late_landing_until_released_or_after_a_while(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault("late", POST))
    with pytest.raises(RESET):
        await posting(api)
    udi = sandbox.person("udi")
    assert udi.reads("tot-bot") == []
    sandbox.faults.release()
    await udi.sees("x", in_="tot-bot")
    sandbox.faults.add(Fault("late", POST, seconds=0.02))
    with pytest.raises(RESET):
        await posting(api, "y")
    await udi.sees("y", in_="tot-bot")


async def test_which_calls_a_fault_hits(sandbox: Sandbox, api: Api) -> None:
    yes = Fault("error", POST, times=2, skip=1, where=lambda a: a["text"] == "ja", code="fatal_error")
    wanted = sandbox.faults.add(yes)
    await posting(api, "nei")
    await posting(api, "ja")
    for _ in range(2):
        await refused(posting(api, "ja"), "fatal_error")
    await posting(api, "ja")
    assert wanted.hits == 2
    assert sandbox.person("udi").reads("tot-bot") == ["nei", "ja", "ja"]
    always = sandbox.faults.add(Fault("error", times=-1))
    for _ in range(3):
        await refused(api.auth_test(), "internal_error")
    sandbox.faults.remove(always)
    assert (await api.auth_test())["ok"]


async def test_one_post_a_second_and_channel(api: Api, settings: Settings) -> None:
    settings.rate_limits = True
    channel = (await posting(api))["channel"]
    await refused(posting(api), "ratelimited")
    # A person and their direct message are one channel.
    await refused(api.chat_postMessage(channel=channel, text="x"), "ratelimited")
    await api.chat_postMessage(channel="U0HELSE", text="en annen kanal")

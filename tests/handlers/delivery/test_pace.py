"""Methods and channels closed by a rate limit, and pages that lead back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.delivery.calls import OutcomeUnknown, pages, retry_after
from handlers.delivery.gate import Gate
from handlers.delivery.pace import Pace
from tests.databases import StillClock

SECOND, NOT = timedelta(seconds=1), timedelta(0)


def test_who_waits_comes_back_one_by_one_and_what_is_urgent_at_once() -> None:
    clock = StillClock()
    pace = Pace(clock)
    assert [pace.wait("D1", SECOND) for _ in "abc"] == [NOT] * 3, "nothing is closed before Slack refuses"
    pace.close("D1", 3 * SECOND)
    assert [pace.wait("D1", SECOND) for _ in "abc"] == [3 * SECOND, 4 * SECOND, 5 * SECOND]
    pace.close("D1", SECOND)
    assert pace.wait("D1", SECOND, urgent=True) == 3 * SECOND, "a shorter refusal opens nothing"
    assert pace.wait("D2", SECOND) == NOT
    clock.move(3 * SECOND)
    assert pace.wait("D1", SECOND, urgent=True) == NOT
    assert pace.wait("D1", SECOND) > NOT, "after the urgent one"
    clock.move(SECOND)
    assert [pace.wait("D1", SECOND) for _ in "abc"] == [NOT] * 3
    pace.close("D1", 3 * SECOND)
    clock.move(-SECOND)
    assert pace.wait("D1", SECOND) == NOT, "a clock that was put back keeps nothing closed"


def test_what_waits_for_a_method_does_not_come_all_at_once() -> None:
    """Fifty a minute, as its tier allows."""
    gate, told = Gate(StillClock()), []
    gate._pace.close("chat.update", 30 * SECOND)
    for _ in "abc":
        with pytest.raises(SlackApiError) as limited:
            gate._check("chat.update")
        told.append(limited.value.response.headers["Retry-After"])
    assert told == ["30.000", "31.200", "32.400"]


def test_how_long_slack_or_a_proxy_asks_to_wait() -> None:
    said = {"7": 7.0, "0": 0.1, "Wed, 21 Oct 2026 07:28:00 GMT": 60.0, "soon": 60.0}
    assert {told: retry_after({"Retry-After": told}) for told in said} == said
    assert retry_after({}) == 1.0


async def test_a_page_that_comes_again_ends_the_reading() -> None:
    """Otherwise one reading would use up the calls that Slack allows to all."""
    asked: list[str | None] = []

    async def ask(cursor: str | None) -> AsyncSlackResponse:
        asked.append(cursor)
        again = {"ok": True, "members": [], "response_metadata": {"next_cursor": "again"}}
        return AsyncSlackResponse(
            client=None, http_verb="", api_url="", req_args={}, data=again, headers={}, status_code=200
        )

    with pytest.raises(OutcomeUnknown):
        _ = [page async for page in pages(ask)]
    assert asked == [None, "again"]

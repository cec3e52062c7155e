"""Methods and channels closed by a rate limit."""

from __future__ import annotations

from datetime import timedelta

from handlers.delivery.calls import retry_after
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


def test_how_long_slack_or_a_proxy_asks_to_wait() -> None:
    said = {"7": 7.0, "0": 0.1, "Wed, 21 Oct 2026 07:28:00 GMT": 60.0, "soon": 60.0}
    assert {told: retry_after({"Retry-After": told}) for told in said} == said
    assert retry_after({}) == 1.0

"""Turns for a channel that was written to too fast."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.delivery.calls import RetryAfter, retry_after
from handlers.delivery.pace import FORGET, GAP, UNUSED, Pace
from tests.databases import StillClock

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def pace(clock: StillClock) -> Pace:
    """Return a pace: in D1 Slack has just refused «a», for a second."""
    pace = Pace(clock)
    pace.refused("D1", "a", SECOND)
    return pace


def waits(pace: Pace, message: str, channel: str = "D1", *, urgent: bool = False) -> timedelta:
    """Return how long a message is told to wait; zero if it may be posted."""
    try:
        pace.wait_for_turn(channel, message, urgent=urgent)
    except RetryAfter as later:
        return later.after
    return timedelta(0)


def test_nobody_waits_until_slack_has_refused_something_and_then_only_in_that_channel() -> None:
    pace = Pace(StillClock())
    assert [waits(pace, m) for m in "abc"] == [timedelta(0)] * 3
    assert pace.refused("D1", "d", 3 * SECOND).after == 3 * SECOND
    assert waits(pace, "e", "D2") == timedelta(0)
    assert waits(pace, "e") == 3 * SECOND + GAP


def test_each_gets_a_turn_of_its_own_and_keeps_it(pace: Pace, clock: StillClock) -> None:
    assert [waits(pace, m) for m in "bcb"] == [2 * SECOND, 3 * SECOND, 2 * SECOND]
    clock.move(SECOND)
    assert [waits(pace, m) for m in "abc"] == [timedelta(0), SECOND, 2 * SECOND]


def test_one_that_comes_late_puts_off_the_next(pace: Pace, clock: StillClock) -> None:
    assert waits(pace, "b") == 2 * SECOND
    clock.move(1.9 * SECOND)
    assert waits(pace, "a") == timedelta(0)
    clock.move(0.1 * SECOND)
    assert waits(pace, "b") == pytest.approx(0.9 * SECOND, abs=timedelta(milliseconds=1))
    clock.move(0.9 * SECOND)
    assert waits(pace, "b") == timedelta(0)


def test_a_second_refusal_goes_to_the_end_of_the_queue(pace: Pace) -> None:
    assert waits(pace, "b") == 2 * SECOND
    assert pace.refused("D1", "c", SECOND).after == 3 * SECOND


def test_after_a_rest_a_channel_takes_bursts_again(pace: Pace, clock: StillClock) -> None:
    clock.move(SECOND)
    assert waits(pace, "a") == timedelta(0)
    clock.move(FORGET + 2 * SECOND)
    assert [waits(pace, m) for m in "bcd"] == [timedelta(0)] * 3


def test_what_is_urgent_has_the_next_turn_and_puts_off_the_others(pace: Pace, clock: StillClock) -> None:
    assert [waits(pace, m) for m in "bc"] == [2 * SECOND, 3 * SECOND]
    assert [waits(pace, m, urgent=True) for m in "xy"] == [SECOND, 2 * SECOND]
    assert [waits(pace, m) for m in "abc"] == [3 * SECOND, 4 * SECOND, 5 * SECOND]
    clock.move(SECOND)
    assert waits(pace, "x", urgent=True) == timedelta(0)


def test_a_longer_refusal_is_known_to_all_that_wait(pace: Pace) -> None:
    assert waits(pace, "b") == 2 * SECOND
    assert pace.refused("D1", "c", 30 * SECOND).after == 32 * SECOND
    assert [waits(pace, m) for m in "ab"] == [30 * SECOND, 31 * SECOND]


def test_a_turn_that_nobody_uses_holds_up_the_others_only_for_a_while() -> None:
    clock = StillClock()
    pace = Pace(clock)
    pace.refused("D1", "no longer wanted", SECOND)
    clock.move(UNUSED + 2 * SECOND)
    pace.refused("D1", "a", SECOND)
    clock.move(SECOND)
    assert waits(pace, "a") == timedelta(0)


def test_how_long_slack_or_a_proxy_asks_to_wait() -> None:
    said = {"7": 7.0, "0": 0.1, "Wed, 21 Oct 2026 07:28:00 GMT": 60.0, "soon": 60.0}
    assert {told: retry_after({"Retry-After": told}) for told in said} == said
    assert retry_after({}) == 1.0

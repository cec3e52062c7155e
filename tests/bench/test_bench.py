"""The benchmarks run, and a table shows the results; their speed is not tested."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor

import pytest

from bench.__main__ import PARTS, measure
from bench.figures import TINY, Aim, Finding, Part, percentile, table
from tests.every import every
from tests.forks import FORKS


def measured(name: str) -> Part:
    (part,) = asyncio.run(measure([name], TINY))
    return part


@pytest.mark.long
@pytest.mark.slow
def test_each_part_runs_and_finds_something() -> None:
    # Three in parallel: their speed does not matter here.
    with ProcessPoolExecutor(3, FORKS) as processes:
        parts = dict(zip(PARTS, processes.map(measured, PARTS), strict=True))
    assert [name for name, part in parts.items() if not part.findings] == []
    calls, round_trips = parts["calls"], parts["round-trips"]
    assert [finding.what for finding in calls.findings if not finding.met] == []
    shown = table([round_trips, calls])
    assert "1 in flight, /tot hjelp" in shown
    assert "conversations.create" in shown


def test_a_missed_aim_is_told() -> None:
    slow = Finding("slow", "5 ms", 5.0, "×", Aim("≤", 4, "×"))
    fast = Finding("fast", "3 ms", 3.0, "×", Aim("≤", 4, "×"))
    for_information = Finding("size", "", 7.0, "×")
    shown = table([Part("speed", [slow, fast, for_information])])
    assert shown.count("MISSED") == 1
    assert "1 of 2 aims met" in shown


@every(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentiles_are_by_nearest_rank(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected

"""The benchmarks run, and a table says what was found; not how fast it is."""

from __future__ import annotations

import pytest

from bench.__main__ import PARTS, measure
from bench.figures import Aim, Finding, Part, percentile, table
from bench.sizes import TINY

#: What needs PostgreSQL with procrastinate, or several starts, is left to `make bench`.
QUICK = ["round-trips", "calls", "growth"]


async def test_each_runs_and_finds_something() -> None:
    assert set(QUICK) < set(PARTS)
    parts = await measure(QUICK, TINY)
    assert [len(part.findings) for part in parts] == [4, 4, 2]
    shown = table(parts)
    assert "1 in flight, /tot hjelp" in shown
    assert "/tot in a room" in shown


async def test_a_case_is_opened_without_a_call_too_many() -> None:
    (part,) = await measure(["calls"], TINY)
    assert [finding.what for finding in part.findings if not finding.met] == []


def test_a_missed_aim_is_told() -> None:
    slow = Finding("slow", "5 ms", 5.0, "×", Aim("≤", 4, "×"))
    fast = Finding("fast", "3 ms", 3.0, "×", Aim("≤", 4, "×"))
    for_information = Finding("size", "", 7.0, "×")
    shown = table([Part("speed", [slow, fast, for_information])])
    assert shown.count("MISSED") == 1
    assert "1 of 2 aims met" in shown


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_percentiles_are_by_nearest_rank(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected

"""Everything that Slack sends arrives twice and at the same time: it has one effect."""

from __future__ import annotations

from collections import Counter

from tests.databases import sqlite_first
from tests.e2e.recorded_case import Played, play


@sqlite_first
def test_the_first_case_delivered_twice_is_the_same_case(first_case: Played, database_url: str) -> None:
    once, twice = first_case, play(database_url, deliver_twice=True)
    for single, double in zip(once.chapters, twice.chapters, strict=True):
        assert double.members == single.members, single.title
        assert double.seen == single.seen, single.title
    assert twice.rows == once.rows
    assert twice.end == once.end
    assert len(twice.files) == len(once.files) == 11
    deeds = ("message", "joined", "removed", "room", "archived")
    assert count(twice, deeds) == count(once, deeds)


def count(played: Played, kinds: tuple[str, ...]) -> Counter[tuple[str, str]]:
    """How often each kind of thing happened to or by each one: nothing was done and then undone."""
    return Counter((m.kind, m.who) for m in played.moments if m.kind in kinds)

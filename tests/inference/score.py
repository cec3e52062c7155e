"""The people in each case, and those of them whom the thief names with evidence."""

from __future__ import annotations

from tests.inference.attacker import Attack

#: A person and a case.
Pair = tuple[str, str]


def inside(truth: dict[str, set[str]]) -> set[Pair]:
    return {(person, case) for case, people in truth.items() for person in people}


def named(attack: Attack, truth: dict[str, set[str]]) -> set[Pair]:
    """Return the true pairs of which the thief has evidence."""
    return {(person, case) for person, case in inside(truth) if attack.proven(person, case)}

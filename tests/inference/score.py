"""How often the thief is right, with a 95 % interval."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import sqrt

from tests.inference.attacker import Attack


@dataclass(frozen=True, slots=True)
class Rate:
    """A proportion with Wilson's interval."""

    right: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.96, self.of, self.right / self.of
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return middle - half, middle + half

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.right + other.right, self.of + other.of)

    def __str__(self) -> str:
        low, high = self.interval
        share = self.right / self.of if self.of else 0.0
        return f"{self.right}/{self.of} = {share:.1%} [{low:.1%}–{high:.1%}]"


@dataclass
class Score:
    """Pairs of a person and a case: all contacts, and everybody else who has had a seat."""

    #: How many of the pairs are in the case, and how many of those the thief names with evidence.
    pairs: Rate = Rate(0, 0)
    named: Rate = Rate(0, 0)
    #: Each kind of evidence for a pair, and its count.
    why: Counter[str] = field(default_factory=Counter)


def scored(attack: Attack, truth: dict[str, set[str]]) -> Score:
    """Score an attack by who actually had a seat."""
    score = Score(why=attack.why)
    for case_id, inside in truth.items():
        named = sum(attack.proven(person, case_id) for person in inside)
        score.pairs += Rate(len(inside), len({*attack.people, *inside}))
        score.named += Rate(named, len(inside))
    return score

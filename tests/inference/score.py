"""How often the thief is right, with a 95 % interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from math import sqrt

from tests.inference.attacker import Attack


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with Wilson's interval."""

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


NONE = Rate(0, 0)


@dataclass
class Score:
    """Pairs of a person and a case: all contacts, and whoever else has had a seat."""

    pairs: Rate = NONE
    #: How often the thief is right of a pair, and somebody who says that nobody is in any case.
    thief: Rate = NONE
    nobody: Rate = NONE
    #: Of those who are in the case, how many the thief names with something to show for it.
    named: Rate = NONE
    why: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def scored(attack: Attack, truth: dict[str, set[str]]) -> Score:
    """Score an attack by who really has had a seat."""
    score = Score(why=attack.why)
    for case_id, inside in truth.items():
        people = list(dict.fromkeys([*attack.people, *sorted(inside)]))
        named = {person for person in people if attack.proven(person, case_id)}
        score.pairs += Rate(sum(p in inside for p in people), len(people))
        score.thief += _right(people, inside, named)
        score.nobody += _right(people, inside, set())
        score.named += Rate(len(named & inside), len(inside))
    return score


def _right(people: Iterable[str], inside: set[str], named: set[str]) -> Rate:
    verdicts = [(p in named) == (p in inside) for p in people]
    return Rate(sum(verdicts), len(verdicts))

"""How often the thief is right, with a 95 % interval, beside who knows the agencies and the roster alone."""

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
    """Pairs of a person and a case: contacts of the case's agencies, and whoever else has had a seat."""

    pairs: Rate = NONE
    first_on_call: Rate = NONE
    thief: Rate = NONE
    #: The same two, if they also count how many of each agency's people have been asked.
    counted: Rate = NONE
    thief_counts: Rate = NONE
    #: Of those who are in the case, how many the thief names with something to show for it.
    named: Rate = NONE
    why: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def scored(attack: Attack, truth: dict[str, set[str]]) -> Score:
    """Score an attack by who really has had a seat."""
    score = Score(why=attack.why)
    for case_id, inside in truth.items():
        people = list(dict.fromkeys([*attack.candidates(case_id), *sorted(inside)]))
        plain, counted = attack.first_on_call(case_id), attack.counted(case_id)
        score.pairs += Rate(sum(p in inside for p in people), len(people))
        score.first_on_call += _right(people, inside, plain)
        score.thief += _right(people, inside, attack.guess(case_id, plain))
        score.counted += _right(people, inside, counted)
        score.thief_counts += _right(people, inside, attack.guess(case_id, counted))
        shown = [attack.proven(p, case_id) for p in people if p in inside]
        score.named += Rate(sum(shown), len(shown))
    return score


def _right(people: Iterable[str], inside: set[str], named: set[str]) -> Rate:
    verdicts = [(p in named) == (p in inside) for p in people]
    return Rate(sum(verdicts), len(verdicts))

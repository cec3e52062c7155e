"""Sizes of measurements, figures and their aims, and the table that shows them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Aim:
    """An upper or lower limit for a figure. `unit` follows the number, such as «×»."""

    sense: Literal["≤", "≥"]
    limit: float
    unit: str

    def met(self, value: float) -> bool:
        return value <= self.limit if self.sense == "≤" else value >= self.limit

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g}{self.unit}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was measured, what was found, the value, and its aim (None: for information)."""

    what: str
    found: str
    value: float
    unit: str
    aim: Aim | None = None

    @property
    def met(self) -> bool | None:
        """Return True if the aim is met; None without an aim."""
        return None if self.aim is None else self.aim.met(self.value)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with findings and notes."""

    title: str
    findings: Sequence[Finding]
    notes: Sequence[str] = ()


def times(value: float, aim: Aim, what: str, found: str) -> Finding:
    """Return a finding that is a ratio."""
    return Finding(what, found, value, "×", aim)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median ratio of pairs that were measured one after the other."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def ms(seconds: float) -> str:
    """Return seconds as milliseconds, for the table."""
    return f"{seconds * 1000:.1f} ms"


def table(parts: Sequence[Part]) -> str:
    """Return all parts as text, in columns."""
    findings = [f for part in parts for f in part.findings]
    what = max((len(f.what) for f in findings), default=0)
    found = max((len(f.found) for f in findings), default=0)
    lines = []
    for part in parts:
        lines += ["", part.title]
        for f in part.findings:
            value = f"{f.value:.3g}{f.unit}" if f.value < 1000 else f"{f.value:.0f}{f.unit}"
            judged = "" if f.aim is None else f"aim {f.aim!s:<9} {'met' if f.met else 'MISSED'}"
            lines.append(f"  {f.what:<{what}}  {f.found:<{found}}  {value:>8}  {judged}".rstrip())
        lines += [f"    {note}" for note in part.notes]
    judged_ones = [f.met for f in findings if f.met is not None]
    lines += ["", f"{sum(judged_ones)} of {len(judged_ones)} aims met"]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much to measure: counts, or seconds where a comment says so."""

    #: Commands one after the other, per kind.
    alone: int = 200
    #: Rounds of concurrent commands, commands per round, and how many run at a time.
    rounds: int = 7
    in_round: int = 320
    in_flight: int = 32
    #: Seconds after which no further round is begun.
    patience: float = 30
    #: Outbox rows that are due at once, and rows that are due later.
    due: int = 10_000
    pending: int = 10_000
    #: Cases sent that are not counted, and cases that are.
    warm_up_sends: int = 3
    sends: int = 20
    #: Seconds added to each call to Slack while cases are sent.
    slack: float = 0
    #: Starts of each app.
    starts: int = 9
    #: Cases in the small and in the large database.
    few: int = 10
    many: int = 3_000
    #: Commands with few and with many cases, per kind.
    looks: int = 200
    #: Seconds to settle after a start, and idle seconds that are measured.
    settle: float = 15
    idle: float = 60


FULL = Sizes()
TINY = Sizes(
    alone=3,
    rounds=1,
    in_round=8,
    in_flight=4,
    due=10,
    pending=50,
    warm_up_sends=0,
    sends=2,
    starts=1,
    few=2,
    many=4,
    looks=3,
    settle=0.1,
    idle=0.5,
)

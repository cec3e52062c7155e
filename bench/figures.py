"""How much is measured; figures, the aims they are held against, and the table in which they are shown."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure is to be at most, or at least, this much. `unit` stands behind the number, such as «×»."""

    sense: Literal["≤", "≥"]
    limit: float
    unit: str

    def met(self, value: float) -> bool:
        return value <= self.limit if self.sense == "≤" else value >= self.limit

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g}{self.unit}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was measured, what was found, the value that counts, its aim (None: to be known)."""

    what: str
    found: str
    value: float
    unit: str
    aim: Aim | None = None

    @property
    def met(self) -> bool | None:
        """None without an aim."""
        return None if self.aim is None else self.aim.met(self.value)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what was found under it, and notes below."""

    title: str
    findings: Sequence[Finding]
    notes: Sequence[str] = ()


def times(value: float, aim: Aim, what: str, found: str) -> Finding:
    """A finding that is a ratio."""
    return Finding(what, found, value, "×", aim)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of them do not exceed, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of pairs that were measured one after the other."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def ms(seconds: float) -> str:
    """Seconds as milliseconds, for the table."""
    return f"{seconds * 1000:.1f} ms"


def table(parts: Sequence[Part]) -> str:
    """All parts as text, in columns."""
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
    """Counts, and seconds where said so."""

    #: Commands one after the other, of each kind.
    alone: int = 200
    #: Rounds of commands in flight together, and how many commands a round has.
    rounds: int = 7
    in_round: int = 320
    in_flight: int = 32
    #: Seconds after which no further round is begun.
    patience: float = 30
    #: Rows that are due later.
    pending: int = 100_000
    #: Reminders that fall due, after some that are not counted, and seconds from one to the next.
    warm_up: int = 10
    reminders: int = 200
    apart: float = 0.06
    #: Rounds of rows that are due at once, and how many rows a round has.
    bursts: int = 5
    burst: int = 500
    #: Cases that are sent, after some that are not counted.
    warm_up_sends: int = 3
    sends: int = 20
    #: Seconds that each call to Slack takes longer meanwhile.
    slack: float = 0
    #: Starts of each app, and times that an exercise is played.
    starts: int = 9
    exercises: int = 3
    #: Cases stored, in the small and in the large database.
    few: int = 10
    many: int = 10_000
    #: Commands with few and with many cases, of each kind.
    looks: int = 200
    #: Writes with and without an entry in the audit log; entries when its chain is checked.
    audited: int = 120
    entries: tuple[int, int] = (5_000, 50_000)
    #: Seconds after a start, and seconds in which nothing happens.
    settle: float = 15
    idle: float = 60
    #: Cases that are backed up and put back.
    backed_up: int = 1_000


FULL = Sizes()
TINY = Sizes(
    alone=3,
    rounds=1,
    in_round=8,
    in_flight=4,
    pending=50,
    warm_up=1,
    reminders=3,
    apart=0.05,
    bursts=1,
    burst=10,
    warm_up_sends=0,
    sends=2,
    starts=1,
    exercises=1,
    few=2,
    many=4,
    looks=3,
    audited=2,
    entries=(20, 200),
    settle=0.1,
    idle=0.5,
    backed_up=3,
)

"""How much is measured: all of it, or just enough to see that the benchmarks run."""

from __future__ import annotations

from dataclasses import dataclass


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
    #: Starts of each app.
    starts: int = 9
    #: Cases stored, in the small and in the large database.
    few: int = 10
    many: int = 10_000
    #: Commands with few and with many cases, of each kind.
    looks: int = 200


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
    starts=1,
    few=2,
    many=4,
    looks=3,
)

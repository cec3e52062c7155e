"""How many agencies come to the next meeting, and what is waited for from the others. Derived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.answers import AgencyStanding, DutyState


@dataclass(frozen=True, slots=True)
class Turnout:
    """Agencies by where they stand: each is counted once, and all that have a duty are `due`.

    They are counted as the card shows each (`AgencyStanding.shown`). `staying_away` have said that the case
    is not theirs; `expected` have no duty yet.
    """

    coming: int = 0
    silent: int = 0
    to_ring: int = 0
    to_approve: int = 0
    staying_away: int = 0
    expected: int = 0

    @property
    def due(self) -> int:
        return self.coming + self.silent + self.to_ring + self.to_approve


def turnout(standings: Iterable[AgencyStanding]) -> Turnout:
    """Count the agencies. One whose duty is over without being met or lost is waited for by nobody."""
    coming = silent = to_ring = to_approve = staying_away = expected = 0
    for standing in standings:
        state = standing.shown
        if state is DutyState.NOT_OURS:
            staying_away += 1
        elif standing.duty is None:
            expected += 1
        elif state.comes:
            coming += 1
        elif state.lost or state is DutyState.MUST_BE_CALLED:
            to_ring += 1
        elif state is DutyState.DEPUTY_AWAITS_APPROVAL:
            to_approve += 1
        elif state.awaited:
            silent += 1
    return Turnout(coming, silent, to_ring, to_approve, staying_away, expected)

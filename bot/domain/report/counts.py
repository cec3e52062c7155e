"""Numbers of guidance and of requests to convene, by month: what outlives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.convening import NotConvened
from bot.domain.guidance import GuidanceOutcome


@dataclass(frozen=True, slots=True)
class GuidanceCount:
    """Guidance of one theme in one month (its first day). `outcome` is None for what is open."""

    month: date
    theme: str
    outcome: GuidanceOutcome | None
    in_time: bool | None
    number: int


@dataclass(frozen=True, slots=True)
class ConvenedCount:
    """Requests of one month, and what came of them. `convened` is None for the undecided."""

    month: date
    agency_id: str | None
    convened: bool | None
    reason: NotConvened | None
    number: int

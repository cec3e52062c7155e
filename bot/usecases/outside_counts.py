"""What the report says of guidance and of requests to convene: numbers by month, which outlive them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.convening import Convening
from bot.domain.directory import Team
from bot.domain.guidance import Guidance
from bot.domain.outside_counts import ConvenedCount, GuidanceCount
from bot.usecases.ports import UnitOfWork


def count_guidance(uow: UnitOfWork, team: Team) -> list[GuidanceCount]:
    """By month, theme, outcome and whether the promise was kept; the purged are counted as the others."""
    counted = Counter(
        (_month(g, team), g.theme, g.outcome, g.in_time) for g in uow.find(Guidance, team_id=team.id)
    )
    return [GuidanceCount(*key, number) for key, number in sorted(counted.items(), key=repr)]


def count_convened(uow: UnitOfWork, team: Team) -> list[ConvenedCount]:
    """By month, agency and what came of it; the purged are counted as the others."""
    counted = Counter(
        (_month(c, team), c.agency_id, c.convened, c.reason) for c in uow.find(Convening, team_id=team.id)
    )
    return [ConvenedCount(*key, number) for key, number in sorted(counted.items(), key=repr)]


def _month(asked: Guidance | Convening, team: Team) -> date:
    zone = ZoneInfo(team.zone) if asked.purged_at is None else ZoneInfo("UTC")
    return asked.asked_at.astimezone(zone).date().replace(day=1)

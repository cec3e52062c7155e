"""Drills that a team's data plans: each quarter, and before long holidays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.case.entities import Case, Phase
from bot.domain.directory.entities import Team
from bot.domain.drill import Drill
from bot.usecases.drill import plan_drills
from bot.usecases.outside import forget_item
from bot.usecases.ports import UnitOfWork
from tests.bot.cast import oslo
from tests.bot.usecases.test_drill import begun
from tests.bot.usecases.town import Town


@pytest.fixture
def town(anywhere: Town) -> Town:
    return anywhere


async def planned(town: Town, **rules: Any) -> None:
    def plans(uow: UnitOfWork) -> None:
        team = uow.get(Team, "team")
        assert team is not None
        uow.change(team, rules=replace(team.rules, **rules))

    await town.run(plans)


async def begins_on(town: Town, first: date, days: int) -> list[str]:
    """Return the days on which the hourly round begins a drill; what is over is forgotten."""
    found = set()
    for day in (first + timedelta(days=n) for n in range(days)):
        for hour in (8, 11, 16):
            town.clock.time = oslo(f"{day} {hour:02}:30")
            await town.each_team(plan_drills)
        for drill in await town.database.read(lambda uow: uow.find(Drill, purged_at=None)):
            found |= {f"{drill.begun_at:%Y-%m-%d}"} if not drill.begun_by else set()
            if drill.delete_on is not None and drill.delete_on <= day:
                await town.run(partial(forget_item, item=drill.item))
    return sorted(found)


async def test_nothing_is_planned_by_default(town: Town) -> None:
    assert await begins_on(town, date(2026, 11, 9), 5) == []


async def test_each_quarter_by_the_teams_data(town: Town) -> None:
    await planned(town, drill_quarterly=True)
    assert await begins_on(town, date(2027, 2, 1), 25) == ["2027-02-09"]


@pytest.mark.parametrize(
    ("first", "begins"), [(date(2026, 12, 10), "2026-12-17"), (date(2027, 3, 10), "2027-03-18")]
)
async def test_before_christmas_and_easter_by_the_teams_data(town: Town, first: date, begins: str) -> None:
    await planned(town, drill_before_holidays=True)
    assert await begins_on(town, first, 20) == [begins]


async def test_a_drill_held_just_before_stands_for_the_planned_one(town: Town) -> None:
    await planned(town, drill_before_holidays=True)
    town.clock.time = oslo("2026-12-09 10:00")
    await begun(town)
    assert await begins_on(town, date(2026, 12, 10), 20) == []


async def test_one_that_is_forgotten_stands_for_it_by_its_month(town: Town) -> None:
    await planned(town, drill_quarterly=True)
    town.clock.time = oslo("2027-01-20 10:00")
    drill = await begun(town)
    town.clock.time = oslo("2027-02-08 10:00")
    await town.run(partial(forget_item, item=drill.item))
    assert await begins_on(town, date(2027, 2, 9), 1) == []


async def test_a_planned_one_waits_while_a_case_is_acute(town: Town) -> None:
    await planned(town, drill_before_holidays=True)
    case = await town.open("police")
    assert await begins_on(town, date(2026, 12, 17), 1) == []

    def is_calm(uow: UnitOfWork) -> None:
        found = uow.get(Case, case.id)
        assert found is not None
        uow.change(found, phase=Phase.WORKING)

    await town.run(is_calm)
    assert await begins_on(town, date(2026, 12, 18), 1) == ["2026-12-18"]

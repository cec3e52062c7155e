"""When the coordinators are told that a closed case will be deleted: what others wrote goes only by hand.

Nobody of its agency has confirmed taushetsplikt: it waits for nobody (tests/bot/usecases/test_on_record.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.case.entities import Case
from bot.domain.guidance import Theme
from bot.domain.notifications import Kind
from bot.domain.overview import reminder_plan
from bot.scheduler import Scheduler, plan_case
from bot.usecases.guidance import (
    AnswerGuidance,
    AskGuidance,
    CloseGuidance,
    answer_guidance,
    ask_guidance,
    close_guidance,
)
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.ports import UnitOfWork
from tests.bot.cast import DAY, OTHER_TEAM, oslo
from tests.bot.usecases.town import Town


def team_rules(uow: UnitOfWork, **rules: int) -> None:
    for team in uow.teams():
        uow.change(team, rules=replace(team.rules, **rules))  # type: ignore[arg-type]


async def hourly(town: Town) -> None:
    jobs = Scheduler(
        town.database,
        town.database.outbox,
        daily=_nothing,
        anchor=_nothing,
        accounts=_nothing,
        erase=_nothing,
    )
    await jobs.plan()


async def closed(town: Town, at: datetime) -> Case:
    case = await town.open("police", after=9 * DAY)
    town.clock.time = at - timedelta(seconds=1)
    await town.do(close_case, "coordinator", CloseCase(case.id))
    return case


@pytest.mark.parametrize(
    ("days", "closed_at", "due"),
    [
        (30, "2026-11-24 11:00", "2026-12-21 08:00"),
        # Two working mornings are left, then one, then none: the day of deletion begins at midnight.
        (3, "2026-11-24 11:00", "2026-11-25 08:00"),
        (2, "2026-11-24 11:00", "2026-11-25 08:00"),
        (1, "2026-11-24 11:00", "2026-11-24 11:00"),
        (1, "2026-11-25 07:00", "2026-11-25 08:00"),
        # From Friday to Monday nobody is at work.
        (3, "2026-11-27 11:00", "2026-11-27 11:00"),
    ],
)
async def test_the_deletion_is_told_of_however_soon_it_comes(
    town: Town, days: int, closed_at: str, due: str
) -> None:
    await town.run(lambda uow: team_rules(uow, retention_days=days))
    case = await closed(town, oslo(closed_at))
    (told,) = (i for i in town.left if i.kind is Kind.DELETION_SOON)
    file = await town.file(case.id)
    assert (told.recipient, told.due_at) == ("coordinator", oslo(due))
    assert reminder_plan.still_planned(file, told)
    assert not reminder_plan.superseded(file, told, oslo(due))


async def test_upkeep_tells_of_the_deletion_of_cases_that_are_closed_already(town: Town) -> None:
    """An earlier version may have closed them, or another hour may hold since."""
    case = await closed(town, oslo("2026-11-24 11:00"))
    (before,) = (i for i in town.left if i.kind is Kind.DELETION_SOON)
    await town.run(lambda uow: team_rules(uow, follow_up_hour=7))
    assert not reminder_plan.still_planned(await town.file(case.id), before)
    await hourly(town)
    waiting = [r.notification for r in await town.database.outbox.upcoming(500)]
    rows = [i for i in waiting if i.kind is Kind.DELETION_SOON]
    assert {i.due_at for i in rows} == {oslo("2026-12-21 07:00"), oslo("2026-12-21 08:00")}
    file = await town.file(case.id)
    assert [i.due_at for i in rows if reminder_plan.still_planned(file, i)] == [oslo("2026-12-21 07:00")]


async def test_a_team_that_cannot_be_planned_for_holds_up_no_other(town: Town) -> None:
    guidance = await town.do(ask_guidance, "stranger", AskGuidance("team", Theme.SIGNS.value, "Hei"))
    await town.do(answer_guidance, "coordinator", AnswerGuidance(guidance.id, "svar"))
    await town.do(close_guidance, "coordinator", CloseGuidance(guidance.id, Theme.SIGNS.value))
    await town.run(lambda uow: uow.change(OTHER_TEAM, zone="Nowhere/At_All"))
    town.clock.move(31 * DAY)
    await hourly(town)
    waiting = [r.notification for r in await town.database.outbox.upcoming(500)]
    assert [i.item for i in waiting if i.kind is Kind.FORGET] == [guidance.item]


async def test_a_morning_that_has_passed_is_made_up_for_until_the_day_of_deletion(town: Town) -> None:
    case = await closed(town, oslo("2026-11-24 11:00"))
    for now, told in (("2026-12-23 15:00", {"coordinator"}), ("2026-12-24 09:00", set())):
        town.clock.time = oslo(now)
        await town.run(lambda uow: plan_case(uow, case.id))
        assert {i.recipient for i in town.left} == told
        assert {i.kind for i in town.left} <= {Kind.DELETION_SOON}


async def _nothing() -> None:
    """Daily jobs are not looked at here."""

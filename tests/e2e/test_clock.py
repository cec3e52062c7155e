"""The machine's clock is wrong, or is corrected: nothing waits an hour, comes twice, or goes unnoticed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.language import Language
from bot.texts.words import words
from bot.usecases.authorization import get_or_make_person
from bot.usecases.joint import PlanJoint, plan_joint, review_joint
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan
from sandbox.cast import CAST
from sandbox.exercises.runner import ExerciseRunner
from sandbox.faults import Fault
from tests.e2e import kit
from tests.e2e.killable_bot import KillableBot, killable_stage
from tests.e2e.ports import free_port, health_at
from tests.e2e.test_killed import to
from tests.ledgers import waiting_in

ASKED = "trenger Politiet i en sak i TOT Bergen"
SOON = words(Language.NB)("joint.soon-short")
HOUR = 3600.0


def is_wrong_by(folder: Path, seconds: float) -> None:
    fresh = folder / "clock-wrong.new"
    fresh.write_text(str(seconds), "ascii")
    fresh.replace(folder / "clock-wrong")


@asynccontextmanager
async def uncertain(
    url: str, folder: Path, wrong_by: float
) -> AsyncIterator[tuple[ExerciseRunner, KillableBot, int]]:
    """Yield a stage on which a bot with a wrong clock has sent a summons whose answer is lost."""
    async with killable_stage(url, folder, kit.STARTS) as (runner, mortal):
        await mortal.kill(later=False)
        is_wrong_by(folder, wrong_by)
        port = free_port()
        await mortal.start(port)
        lost = Fault("5xx_after", "chat.postMessage", where=to(runner.sandbox, "politi-exit"))
        runner.sandbox.faults.add(lost)
        await kit.fill_in_case(runner, ["Politiet"], when="i overmorgen kl 10")
        await runner.sends(runner.person("koordinator"))
        assert await runner.sandbox.workspace.changes.until(lambda: lost.hits == 1, kit.IN_TIME)
        yield runner, mortal, port


async def asked(runner: ExerciseRunner, mortal: KillableBot) -> int:
    """Wait until nothing is uncertain; return how often the summons is posted."""
    async with asyncio.timeout(kit.IN_TIME):
        while any(row.attempts for row in await waiting_in(mortal.database)):  # noqa: ASYNC110
            await asyncio.sleep(0.5)  # no event tells the test what another process has written
    return len(kit.told(runner.sandbox, "politi-exit", ASKED))


@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR], ids=["ahead", "behind"])
async def test_a_clock_that_is_wrong_posts_nothing_twice_and_is_told(
    sqlite_database_url: str, tmp_path: Path, wrong_by: float
) -> None:
    async with uncertain(sqlite_database_url, tmp_path, wrong_by) as (runner, mortal, port):
        _, found = await health_at(port)
        assert (found["ok"], found["clock"]) == (False, False)
        way = "ahead of" if wrong_by > 0 else "behind"
        assert any(f"s {way} Slack's" in reason for reason in found["reasons"])
        await asyncio.sleep(1)
        runner.sandbox.clock.move(timedelta(seconds=25))
        await mortal.clock_moved()
        assert await asked(runner, mortal) == 1


@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR], ids=["back", "ahead"])
async def test_put_right_while_something_is_uncertain_it_is_tried_in_time_and_stands_once(
    sqlite_database_url: str, tmp_path: Path, wrong_by: float
) -> None:
    async with uncertain(sqlite_database_url, tmp_path, wrong_by) as (runner, mortal, _):
        await asyncio.sleep(2)
        is_wrong_by(tmp_path, 0)
        await asyncio.sleep(2)  # more than the dispatcher sleeps
        runner.sandbox.clock.move(timedelta(seconds=25))
        await mortal.clock_moved()
        assert await asked(runner, mortal) == 1


async def joint_meeting_called(mortal: KillableBot, *, hours: int = 6) -> datetime:
    """Return its start, in `hours` hours: people are reminded a day and an hour before."""
    starts_at = kit.STARTS + timedelta(hours=hours)
    plan = MeetingPlan(starts_at, starts_at + timedelta(hours=1), place="Møterom Nord")

    def call(uow: UnitOfWork) -> None:
        actor = get_or_make_person(uow, CAST["koordinator"])
        command = PlanJoint(uow.teams()[0].id, topic="Deling", plan=plan)
        plan_joint(uow, actor, command, review_joint(uow, actor, command))

    await mortal.database.write(call)
    return starts_at


async def test_no_reminder_comes_early_by_a_clock_that_is_ahead(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(sqlite_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        starts_at = await joint_meeting_called(mortal)
        runner.sandbox.clock.move_to(starts_at - timedelta(minutes=90))
        await mortal.clock_moved()
        await runner.until_idle()
        is_wrong_by(tmp_path, HOUR)
        # Work that is due at once is done.
        await runner.person("koordinator").opens_home()
        await asyncio.sleep(3)
        assert not kit.told(runner.sandbox, "helse", SOON)
        is_wrong_by(tmp_path, 0)
        runner.sandbox.clock.move(timedelta(minutes=31))
        await mortal.clock_moved()
        await runner.until_idle()
        assert len(kit.told(runner.sandbox, "helse", SOON)) == 1


async def test_no_reminder_is_dropped_for_the_next_one_by_a_clock_that_is_ahead(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with killable_stage(sqlite_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        starts_at = await joint_meeting_called(mortal, hours=30)
        await runner.until_idle()
        # By the wrong clock the reminder an hour before is due as well.
        is_wrong_by(tmp_path, 23.5 * HOUR)
        runner.sandbox.clock.move_to(starts_at - timedelta(hours=24) + timedelta(seconds=1))
        await mortal.clock_moved()
        await runner.until_idle()
        assert len(kit.told(runner.sandbox, "helse", SOON)) == 1


async def test_no_reminder_is_lost_by_a_clock_that_is_behind_the_databases(
    postgres_database_url: str, tmp_path: Path
) -> None:
    """An entry due by the database is due, though our clock was put back meanwhile."""
    async with killable_stage(postgres_database_url, tmp_path, kit.STARTS) as (runner, mortal):
        await mortal.kill(later=False)
        starts_at = await joint_meeting_called(mortal)
        runner.sandbox.clock.move_to(starts_at - timedelta(hours=1, seconds=-1))
        is_wrong_by(tmp_path, -30)
        await mortal.start()
        await runner.until_idle()
        assert len(kit.told(runner.sandbox, "helse", SOON)) == 1

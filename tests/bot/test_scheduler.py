"""Recurring jobs on a machine whose clock is set."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, Self

import pytest
from apscheduler.executors import base as executors
from apscheduler.schedulers import base as schedulers
from apscheduler.triggers import interval
from sqlalchemy import update

from bot.domain.guidance import Guidance
from bot.domain.notifications import Kind, Notification
from bot.scheduler import Scheduler
from storage.database import SqlDatabase
from storage.schema.ledgers import ledgers
from tests.bot import cast
from tests.bot.case_files import case_file
from tests.databases import SettableClock, sqlite_alone
from tests.ledgers import ledgers_in

pytestmark = sqlite_alone

#: Between two runs of a job, in seconds.
EVERY = 0.3


class Wall(datetime):
    """The time of day on a machine whose clock can be set; monotonic time is unaffected."""

    offset = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + cls.offset


async def _nothing() -> None:
    return


def jobs_of(database: SqlDatabase, **others: Any) -> Scheduler:
    """Return all jobs; those not given do nothing."""
    idle = dict.fromkeys(("daily", "anchor", "accounts", "erase"), _nothing)
    return Scheduler(database, database.outbox, **{**idle, **others})


@pytest.fixture
def settable_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """APScheduler reads only the machine's time, so it is replaced."""
    for module in (schedulers, executors, interval):
        monkeypatch.setattr(module, "datetime", Wall)
    monkeypatch.setattr(Wall, "offset", timedelta(0))


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1)], ids=["back", "ahead"])
@pytest.mark.usefixtures("settable_wall")
async def test_a_job_runs_within_its_interval_however_the_clock_is_set(
    database: SqlDatabase, monkeypatch: pytest.MonkeyPatch, step: timedelta
) -> None:
    ran: asyncio.Queue[float] = asyncio.Queue()

    async def erase() -> None:
        ran.put_nowait(time.monotonic())

    jobs = jobs_of(
        database,
        erase=erase,
        erasing_every=timedelta(seconds=EVERY),
        clock_looked_at=timedelta(seconds=0.1),
        wall=partial(Wall.now, UTC),
    )
    jobs.start()
    following = asyncio.create_task(jobs.follow_clock())
    try:
        async with asyncio.timeout(60):
            await ran.get()
            # Change the clock once it waits for the next run, so that the wait is by the old clock.
            await asyncio.sleep(EVERY / 4)
            monkeypatch.setattr(Wall, "offset", step)
            # A job that is due by the new clock may run at once; then it continues normally.
            await ran.get()
            runs = [await ran.get() for _ in range(4)]
    finally:
        following.cancel()
        jobs.stop()
    # A late run on a busy machine is followed sooner by the next.
    assert runs[-1] - runs[0] > (len(runs) - 2) * EVERY, runs


async def test_a_job_that_fails_once_is_tried_again_and_seen_if_it_fails_again(database: SqlDatabase) -> None:
    came: asyncio.Queue[None] = asyncio.Queue()

    async def erase() -> None:
        came.put_nowait(None)
        raise OSError

    jobs = jobs_of(database, erase=erase, again_after=timedelta(seconds=EVERY))
    jobs.start()
    try:
        await jobs.erase()
        assert jobs.well() == {"erasing": True}
        async with asyncio.timeout(60):
            for _ in range(3):
                await came.get()
        assert jobs.well() == {"erasing": False}
    finally:
        jobs.stop()


async def test_each_hour_all_is_planned_the_closed_too(database: SqlDatabase, clock: SettableClock) -> None:
    """An earlier version may have closed a case; a case that cannot be planned holds up no other."""
    file, today = case_file(closed_at=cast.T0), clock.now().date()
    case = replace(file.case, delete_on=today + timedelta(days=30))
    asked = Guidance("g", "team", cast.T0, cast.T0, "stranger", "signs", "Hei", "uid", answered_at=cast.T0)
    asked = replace(asked, closed_at=cast.T0, delete_on=today)
    broken = replace(cast.OTHER_TEAM, zone="Nowhere/At_All")
    rest = [each for each in cast.DIRECTORY if each is not cast.OTHER_TEAM]
    unreadable = replace(asked, id="a")
    await database.write(lambda uow: uow.add(*rest, broken, case, file.room, *file.seats, asked, unreadable))
    told = Notification(Kind.GUIDANCE_STANDS, "a", item=unreadable.item, recipient="stranger")
    await database.write(lambda uow: uow.enqueue(told))
    damage = update(ledgers).where(ledgers.c.scope == unreadable.item).values(version=0)
    await database._transactions.write(lambda connection: connection.execute(damage))
    await jobs_of(database).plan()
    waiting = {
        entry.kind: ledger for ledger in await database.read(ledgers_in) for entry in ledger.unfinished()
    }
    assert (waiting[Kind.DELETION_SOON].case_id, waiting[Kind.FORGET].scope) == ("case", asked.item)

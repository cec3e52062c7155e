"""Recurring jobs, by APScheduler in memory (docs/reliability.md 8).

A run repeats without harm what an earlier one did: keys are deterministic, and what is done already is seen.
The next run makes up for a missed one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.case.entities import Case
from bot.domain.overview import reminder_plan
from bot.logs import place_of
from bot.usecases.delivery import drop_outlived, drop_told
from bot.usecases.drill import plan_drills
from bot.usecases.effects import plan_ahead
from bot.usecases.leftovers import keep_leftovers
from bot.usecases.lifecycle import plan_purge
from bot.usecases.notifications import standing_notification
from bot.usecases.outside import close_lapsed, forget_if_due, items_with_deletion_date
from bot.usecases.overview import forget_people, is_anybody_to_forget
from bot.usecases.polls import drop_lapsed
from bot.usecases.ports import Database, Draft, Outbox, UnitOfWork
from bot.usecases.review import DRAFTS_KEPT
from bot.usecases.room import check_rooms

log = structlog.get_logger(__name__)
#: How often each job runs, in real time; erasing runs more often.
EVERY = timedelta(hours=1)
ERASING_EVERY = timedelta(minutes=10)
#: How often the clock is checked for a step, and the smallest change that is one.
CLOCK_LOOKED_AT = timedelta(seconds=30)
STEP = timedelta(minutes=1)
#: How soon a failed job is retried, in real time.
AGAIN_AFTER = timedelta(minutes=2)
_OF_TEAM = (close_lapsed, plan_drills)


class RoundFailed(Exception):
    """Some items of a run failed: each failure has been logged, and the other items are done."""


def plan_case(uow: UnitOfWork, case_id: str) -> None:
    """Plan one case again, so that reminders of days without a meeting are always planned ahead.

    Calendars are told of changes that no use case reports: a new address, a mail that failed too often. A
    closed case has only reminders of its deletion, and of trouble with its room.
    """
    file = uow.case_file(case_id)
    if file is None:
        return
    drop_outlived(uow, file)
    if file.room.trouble is not None:
        uow.enqueue(standing_notification(case_id))
    if not file.open:
        uow.enqueue(*reminder_plan.due_after(file, uow.now))
        return
    drop_lapsed(uow, file)
    plan_ahead(uow, file)


def tidy(uow: UnitOfWork) -> None:
    for draft in uow.find(Draft):
        if draft.created_at < uow.now - DRAFTS_KEPT:
            uow.remove(draft)


def _now() -> datetime:
    return datetime.now(UTC)


class Scheduler:
    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        *,
        daily: Callable[[], Awaitable[None]],
        anchor: Callable[[], Awaitable[None]],
        accounts: Callable[[], Awaitable[None]],
        erase: Callable[[], Awaitable[None]],
        erasing_every: timedelta = ERASING_EVERY,
        again_after: timedelta = AGAIN_AFTER,
        clock_looked_at: timedelta = CLOCK_LOOKED_AT,
        wall: Callable[[], datetime] = _now,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._erasing_every = erasing_every
        self._again_after = again_after
        self._clock_looked_at = clock_looked_at
        self._wall = wall
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._failures: dict[str, int] = {}
        # The jobs, each with its name in the log and in health. Call `plan` also when the clock has been
        # moved, and `check_rooms` after every new connection.
        self.plan = partial(self._attempt, "plan", self._plan)
        self.check_rooms = partial(self._attempt, "rooms", self._check_rooms)
        self.tidy = partial(self._attempt, "tidy", self._tidy)
        self.check_accounts = partial(self._attempt, "accounts", accounts)
        self.daily = partial(self._attempt, "daily", daily)
        self.anchor = partial(self._attempt, "anchor", anchor)
        self.erase = partial(self._attempt, "erasing", erase)

    def start(self) -> None:
        """Start the jobs; none runs at once, so call `plan` and `check_rooms` at start.

        The hourly jobs are spread over the hour: `tidy` locks what a backup reads.
        """
        hourly = ("plan", "check_rooms", "tidy", "check_accounts", "daily", "anchor")
        spread = ((name, EVERY, EVERY * n / len(hourly)) for n, name in enumerate(hourly, 1))
        for name, every, first in (*spread, ("erase", self._erasing_every, self._erasing_every)):
            self._scheduler.add_job(
                getattr(self, name),
                IntervalTrigger(seconds=every.total_seconds()),
                id=name,
                next_run_time=self._wall() + first,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def follow_clock(self) -> None:
        """Keep the time that every job waits unchanged when the clock is set; run forever.

        APScheduler waits for a time of day: a clock put back by an hour would stop all jobs for an hour.
        """
        before = self._ahead()
        while True:
            await asyncio.sleep(self._clock_looked_at.total_seconds())
            now = self._ahead()
            if abs(now - before) >= STEP:
                log.warning("jobs.moved", seconds=round((now - before).total_seconds()))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=job.next_run_time + (now - before))
                before = now

    def _ahead(self) -> timedelta:
        """Return how far the clock is ahead of monotonic time, whose start is arbitrary."""
        return self._wall() - datetime.fromtimestamp(0, UTC) - timedelta(seconds=time.monotonic())

    def stop(self) -> None:
        """Stop the jobs without waiting for those in progress."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def well(self) -> dict[str, bool]:
        """Return for each job that has run whether it has failed fewer than twice in a row."""
        return {name: failures < 2 for name, failures in self._failures.items()}

    async def _plan(self) -> None:
        """Plan every case and team in transactions of their own, so that a failure affects only itself."""
        cases = await self._cases()
        teams = await self._database.read(lambda uow: uow.teams())
        ending = await self._database.read(items_with_deletion_date)
        await self._each(
            "plan",
            *(partial(plan_case, case_id=case.id) for case in cases),
            *(partial(plan_purge, case=case) for case in cases if case.delete_on is not None),
            *(partial(of_team, team=team) for team in teams for of_team in _OF_TEAM),
            *(partial(forget_if_due, of=each) for each in ending),
        )

    async def _cases(self) -> list[Case]:
        return await self._database.read(lambda uow: uow.find(Case, purged_at=None))

    async def _each(self, job: str, *works: Callable[[UnitOfWork], object]) -> None:
        await self._one_by_one(job, *(partial(self._database.write, work) for work in works))

    async def _one_by_one(self, job: str, *works: Callable[[], Awaitable[object]]) -> None:
        failed = False
        for work in works:
            try:
                await work()
            except Exception as error:
                failed = True
                log.error("job.failed", job=job, error=type(error).__name__, at=place_of(error))
        if failed:
            raise RoundFailed

    async def _check_rooms(self) -> None:
        """Enqueue a comparison of every room with Slack."""
        await self._each("rooms", *(partial(check_rooms, case_id=case.id) for case in await self._cases()))

    async def _tidy(self) -> None:
        writes = (partial(self._database.write, work) for work in (tidy, keep_leftovers, drop_told))
        await self._one_by_one("tidy", *writes, self._outbox.tidy, self._forget_people)

    async def _forget_people(self) -> None:
        if await self._outbox.oldest_due() is None and await self._database.read_slowly(is_anybody_to_forget):
            await self._database.write(forget_people)

    async def _attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run a job. A failure does not end the job: it is logged, shown in health, and retried soon."""
        try:
            await work()
        except Exception as error:
            self._failures[name] = self._failures.get(name, 0) + 1
            log.error("job.failed", job=name, error=type(error).__name__, at=place_of(error))
            again = DateTrigger(self._wall() + self._again_after)
            retried = partial(self._attempt, name, work)
            self._scheduler.add_job(retried, again, id=f"{name}-again", replace_existing=True)
        else:
            self._failures[name] = 0

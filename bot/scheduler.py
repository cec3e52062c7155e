"""Recurring jobs, by APScheduler in memory (docs/reliability.md 8).

Each firing only enqueues notifications with deterministic keys, so that any number of processes may fire at
once; a firing that is missed is made up for by the next.
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
from bot.domain.escalation import chain as escalation_chain
from bot.domain.overview import reminder_plan
from bot.logs import place_of
from bot.usecases.delivery import drop_outlived
from bot.usecases.drill import plan_drills
from bot.usecases.effects import (
    calendar_notifications,
    invite_liaisons,
    liaison_ends,
    proposal_notifications,
)
from bot.usecases.guidance import close_silent
from bot.usecases.leftovers import keep_leftovers
from bot.usecases.lifecycle import drop_told, is_due, plan_purge
from bot.usecases.notifications import standing_notification
from bot.usecases.outside import forget_if_due, with_an_end
from bot.usecases.overview import forget_people, is_anybody_to_forget
from bot.usecases.polls import drop_lapsed
from bot.usecases.ports import Database, Draft, Outbox, UnitOfWork
from bot.usecases.review import DRAFTS_KEPT
from bot.usecases.room import check_rooms

log = structlog.get_logger(__name__)
#: How often each job runs, in real time; erasing is tried more often.
EVERY = timedelta(hours=1)
ERASING_EVERY = timedelta(minutes=10)
#: How often it is looked whether the clock has stepped, and what is a step.
CLOCK_LOOKED_AT = timedelta(seconds=30)
STEP = timedelta(minutes=1)
#: How soon a job that failed is tried again, in real time.
AGAIN_AFTER = timedelta(minutes=2)
_OF_TEAM = (close_silent, plan_drills)


class RoundFailed(Exception):
    """Some cases of a round could not be seen to; each has been logged, the others are done."""


def plan_case(uow: UnitOfWork, case_id: str) -> None:
    """Plan one case anew, so that the days without a meeting are always looked for ahead.

    Calendars hear of what no use case has told them: another address, a mail that failed too often. Of a
    closed case only its deletion is reminded of.
    """
    file = uow.case_file(case_id)
    if file is not None:
        drop_outlived(uow, file)
    if file is not None and file.room.trouble is not None:
        uow.enqueue(standing_notification(case_id))
    if file is not None and not file.open:
        uow.enqueue(*reminder_plan.due_after(file, uow.now))
    elif file is not None:
        drop_lapsed(uow, file)
        uow.enqueue(
            *escalation_chain.ahead(file),
            *reminder_plan.due_after(file, uow.now),
            *calendar_notifications(file, uow.now),
            *invite_liaisons(uow, file),
            *liaison_ends(file),
            *proposal_notifications(uow, file),
        )


def purge_if_due(uow: UnitOfWork, case: Case) -> None:
    if is_due(uow, case):
        plan_purge(uow, [case])


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
        self._daily = daily
        self._anchor = anchor
        self._accounts = accounts
        self._erase = erase
        self._erasing_every = erasing_every
        self._again_after = again_after
        self._clock_looked_at = clock_looked_at
        self._wall = wall
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._failures: dict[str, int] = {}
        #: For each job that has failed: the file or folder that it failed on, or nothing.
        self.folders: dict[str, str] = {}

    def start(self) -> None:
        """Begin; no job runs at once, so call `plan` and `check_rooms` at start.

        Those of each hour are spread over it: `tidy` locks what a backup reads.
        """
        hourly = (self.plan, self.check_rooms, self.tidy, self.check_accounts, self.daily, self.anchor)
        spread = ((job, EVERY, EVERY * n / len(hourly)) for n, job in enumerate(hourly, 1))
        for job, every, first in (*spread, (self.erase, self._erasing_every, self._erasing_every)):
            self._scheduler.add_job(
                job,
                IntervalTrigger(seconds=every.total_seconds()),
                id=job.__name__,
                next_run_time=self._wall() + first,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def follow_clock(self) -> None:
        """Let every job wait no longer, nor shorter, than it would have, however the clock is set; for ever.

        APScheduler waits for a time of day: put back an hour, the clock would silence all jobs for one.
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
        """By how much the clock is ahead of monotonic time, whose beginning is arbitrary."""
        return self._wall() - datetime.fromtimestamp(0, UTC) - timedelta(seconds=time.monotonic())

    def stop(self) -> None:
        """End; what is under way is left to finish."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def well(self) -> dict[str, bool]:
        """Return for each job that has run whether it did what it should, at least when tried again."""
        return {name: failures < 2 for name, failures in self._failures.items()}

    async def plan(self) -> None:
        """Plan reminders and purges. Also to be called when the clock has been moved."""
        await self._attempt("plan", self._plan)

    async def _plan(self) -> None:
        """Plan each case, and what else is due of each team, each by itself: what fails costs itself."""
        cases = await self._cases()
        teams = await self._database.read(lambda uow: uow.teams())
        ending = await self._database.read(with_an_end)
        await self._each(
            "plan",
            *(partial(plan_case, case_id=case.id) for case in cases),
            *(partial(purge_if_due, case=case) for case in cases if case.delete_on is not None),
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

    async def check_rooms(self) -> None:
        """Have every room compared with Slack: hourly, and after every new connection."""
        await self._attempt("rooms", self._check_rooms)

    async def _check_rooms(self) -> None:
        await self._each("rooms", *(partial(check_rooms, case_id=case.id) for case in await self._cases()))

    async def daily(self) -> None:
        """Do what is due once a day, if it has not been done."""
        await self._attempt("daily", self._daily)

    async def anchor(self) -> None:
        """Write down outside the database how far the audit log has come."""
        await self._attempt("anchor", self._anchor)

    async def erase(self) -> None:
        """Destroy the keys of what is forgotten and still has one: the key store was busy."""
        await self._attempt("erasing", self._erase)

    async def check_accounts(self) -> None:
        """Have the accounts of coordinators and contacts compared with Slack."""
        await self._attempt("accounts", self._accounts)

    async def tidy(self) -> None:
        await self._attempt("tidy", self._tidy)

    async def _tidy(self) -> None:
        writes = (partial(self._database.write, work) for work in (tidy, keep_leftovers, drop_told))
        await self._one_by_one("tidy", *writes, self._outbox.forget_done, self._forget_people)

    async def _forget_people(self) -> None:
        if await self._outbox.oldest_due() is None and await self._database.read_slowly(is_anybody_to_forget):
            await self._database.write(forget_people)

    async def _attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """One failed firing must not end the job: it is logged, shown in health, and soon tried again."""
        try:
            await work()
        except Exception as error:
            self._failures[name] = self._failures.get(name, 0) + 1
            where = str(getattr(error, "filename", None) or "")
            self.folders[name] = where
            log.error("job.failed", job=name, error=type(error).__name__, at=place_of(error), folder=where)
            again = DateTrigger(self._wall() + self._again_after)
            retried = partial(self._attempt, name, work)
            self._scheduler.add_job(retried, again, id=f"{name}-again", replace_existing=True)
        else:
            self._failures[name] = 0

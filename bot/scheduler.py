"""Recurring jobs, by APScheduler in memory (docs/reliability.md 8).

Each firing only enqueues notifications with deterministic keys, so that any number of processes may fire at
once; a firing that is missed is made up for by the next.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.domain.case.entities import Case
from bot.domain.escalation import chain as escalation_chain
from bot.domain.overview import reminder_plan
from bot.usecases.effects import calendar_notifications, invite_liaisons, proposal_notifications
from bot.usecases.guidance import close_silent
from bot.usecases.lifecycle.closing import due_for_purge, plan_purge
from bot.usecases.links.liaisons import ends_of
from bot.usecases.outside import plan_forgetting
from bot.usecases.overview import forget_onlookers
from bot.usecases.ports import Database, Draft, Outbox, UnitOfWork
from bot.usecases.room.membership import check_rooms
from bot.usecases.room.trouble import standing_alerts

log = structlog.get_logger(__name__)
#: How often each job runs, in minutes of real time.
PLAN_EVERY = 60
ROOMS_EVERY = 60
TIDY_EVERY = 60
ACCOUNTS_EVERY = 60
DAILY_LOOKED_AT_EVERY = 60
ANCHOR_EVERY = 60
DRAFTS_KEPT = timedelta(days=1)


def plan_case(uow: UnitOfWork, case_id: str) -> None:
    """Plan one case anew, so that the days without a meeting are always looked for ahead.

    Calendars hear of what no use case has told them: another address, a mail that failed too often. Of a
    closed case only its deletion is reminded of.
    """
    file = uow.case_file(case_id)
    if file is not None and file.room.trouble is not None:
        uow.enqueue(*standing_alerts(uow, case_id))
    if file is not None and not file.open:
        uow.enqueue(*reminder_plan.due_after(file, uow.now))
    elif file is not None:
        uow.enqueue(
            *escalation_chain.ahead(file),
            *reminder_plan.due_after(file, uow.now),
            *calendar_notifications(file, uow.now),
            *invite_liaisons(uow, file),
            *ends_of(file),
            *proposal_notifications(uow, file),
        )


def purge_due(uow: UnitOfWork) -> None:
    plan_purge(uow, due_for_purge(uow))


def tidy(uow: UnitOfWork) -> None:
    for draft in uow.find(Draft):
        if draft.created_at < uow.now - DRAFTS_KEPT:
            uow.remove(draft)


class Scheduler:
    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        *,
        daily: Callable[[], Awaitable[None]],
        anchor: Callable[[], Awaitable[None]],
        accounts: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._daily = daily
        self._anchor = anchor
        self._accounts = accounts
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin; each job runs first after its interval, so call `plan` and `check_rooms` at start."""
        for job, minutes in (
            (self.plan, PLAN_EVERY),
            (self.check_rooms, ROOMS_EVERY),
            (self.tidy, TIDY_EVERY),
            (self.check_accounts, ACCOUNTS_EVERY),
            (self.daily, DAILY_LOOKED_AT_EVERY),
            (self.anchor, ANCHOR_EVERY),
        ):
            self._scheduler.add_job(
                job,
                IntervalTrigger(minutes=minutes),
                id=job.__name__,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """End; what is under way is left to finish."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def plan(self) -> None:
        """Plan reminders and purges. Also to be called when the clock has been moved."""
        await self._logged_on_failure("plan", self._plan)

    async def _plan(self) -> None:
        for case in await self._database.read(lambda uow: uow.find(Case, purged_at=None)):
            await self._database.write(partial(plan_case, case_id=case.id))
        await self._database.write(purge_due)
        await self._database.write(close_silent)
        await self._database.write(plan_forgetting)

    async def check_rooms(self) -> None:
        """Have every room compared with Slack: hourly, and after every new connection."""
        await self._logged_on_failure("rooms", lambda: self._database.write(check_rooms))

    async def daily(self) -> None:
        """Do what is due once a day, if it has not been done."""
        await self._logged_on_failure("daily", self._daily)

    async def anchor(self) -> None:
        """Write down outside the database how far the audit log has come."""
        await self._logged_on_failure("anchor", self._anchor)

    async def check_accounts(self) -> None:
        """Have the accounts of coordinators and contacts compared with Slack."""
        await self._logged_on_failure("accounts", self._accounts)

    async def tidy(self) -> None:
        await self._logged_on_failure("tidy", self._tidy)

    async def _tidy(self) -> None:
        await self._database.write(tidy)
        if await self._outbox.oldest_due() is None:
            await self._database.write(forget_onlookers)
        await self._outbox.forget_done()

    async def _logged_on_failure(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """One failed firing must not end the job: it is logged, and the next one makes up for it."""
        try:
            await work()
        except Exception as error:
            log.error("upkeep.failed", job=name, error=type(error).__name__)

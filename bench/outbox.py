"""The outbox with ten thousand reminders that are due at one minute, and as many that are due later."""

from __future__ import annotations

import asyncio
import time
from typing import NoReturn

from bench.apps import DATABASES, OF_A_CASE, database_with_partners, fill_outbox
from bench.figures import Aim, Finding, Part, Sizes
from bot.clock import SystemClock
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Claim, UnitOfWork
from handlers.delivery.dispatcher import CONCURRENCY, Dispatcher
from storage.database import SqlDatabase

MINUTE = Aim("≤", 60, " s")


async def reminders(sizes: Sizes) -> Part:
    """Measure in this process, with a delivery that does nothing, on SQLite and on PostgreSQL."""
    findings: list[Finding] = []
    for name, place in DATABASES.items():
        with place() as url:
            async with database_with_partners(url) as database:
                await fill_outbox(database, sizes.pending, url)
                took = await _dispatched(database, sizes.due)
        findings.append(Finding(name, f"{sizes.due / took:.0f}/s", took, " s", MINUTE))
    return Part(
        f"2. {sizes.due:,} reminders of {-(-sizes.due // OF_A_CASE)} cases due at one minute, "
        f"{sizes.pending:,} others pending, {CONCURRENCY} at a time",
        findings,
    )


class Counted:
    """Deliveries that only count; none is given up."""

    def __init__(self, due: int) -> None:
        self._left = due
        self.all_handled = asyncio.Event()

    def prepare(self, uow: UnitOfWork, claim: Claim) -> None:
        """Do nothing before a delivery."""

    async def deliver(self, claim: Claim) -> bool:
        self._left -= 1
        if self._left == 0:
            self.all_handled.set()
        return True

    async def unexpected(self, *_: object) -> NoReturn:
        raise AssertionError

    stands = give_up = leave_to_active = set_aside = unexpected


async def _dispatched(database: SqlDatabase, due: int) -> float:
    """Return the seconds until all are handled."""
    counted = Counted(due)
    notifications = [Notification(Kind.SUMMONS, str(n), f"case-{n // OF_A_CASE}") for n in range(due)]
    await database.write(lambda uow: uow.enqueue(*notifications))
    dispatcher = Dispatcher(database.outbox, SystemClock(), counted)
    began = time.monotonic()
    running = asyncio.create_task(dispatcher.run())
    await counted.all_handled.wait()
    took = time.monotonic() - began
    await dispatcher.idle()
    await dispatcher.stop()
    await running
    return took

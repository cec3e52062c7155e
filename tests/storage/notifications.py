"""Notifications for the tests of the outbox, and shorthand to put them in and to claim them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.notification_params import PlannedFor
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Claim
from storage.database import SqlDatabase
from storage.outbox import SqlOutbox
from tests.databases import SettableClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CARD = Notification(Kind.ROOM, "case", case_id="case")
HALF = PlannedFor("half", datetime(2026, 12, 1, tzinfo=UTC))
REMINDER = Notification(Kind.DEPUTY_WAITS, "ask", case_id="case", recipient="officer", params=HALF)


async def put(database: SqlDatabase, *notifications: Notification) -> None:
    await database.write(lambda uow: uow.enqueue(*notifications))


async def one(outbox: SqlOutbox) -> Claim:
    (claim,) = (await outbox.claim(10)).rows
    return claim


@dataclass
class Box:
    """The outbox of a database, and the clock by which it goes."""

    database: SqlDatabase
    clock: SettableClock

    @property
    def outbox(self) -> SqlOutbox:
        return self.database.outbox

    async def put(self, *notifications: Notification) -> None:
        await put(self.database, *notifications)

    async def claimed(self, most: int = 10) -> list[Claim]:
        return list((await self.outbox.claim(most)).rows)

    async def one(self) -> Claim:
        return await one(self.outbox)

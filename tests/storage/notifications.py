"""Notifications for the tests of the outbox, and shorthand to put them in and to claim them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.notification_params import PlannedFor
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Claim
from storage.database import SqlDatabase
from storage.outbox import SqlOutbox

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

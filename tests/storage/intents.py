"""Intents for the tests of the outbox, and shorthand to put them in and to claim them."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.notifications import Intent, Kind
from bot.usecases.ports import Claim
from storage.database import SqlDatabase
from storage.outbox import SqlOutbox

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
CARD = Intent(Kind.ROOM, "case", case_id="case")
REMINDER = Intent(Kind.UNANSWERED, "ask", case_id="case", recipient="officer", once=True, mark="2")


async def put(database: SqlDatabase, *intents: Intent) -> None:
    await database.write(lambda uow: uow.enqueue(*intents))


async def one(outbox: SqlOutbox) -> Claim:
    (claim,) = (await outbox.claim(10)).rows
    return claim

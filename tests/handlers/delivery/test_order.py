"""Messages to one person come in the order in which they fell due; none holds the others up for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest

from bot.domain.notifications import At, Kind, Notification
from bot.usecases.ports import Claim, UnitOfWork
from handlers.delivery.calls import MARGIN_TO_MARK, OutcomeUnknown
from handlers.delivery.dispatcher import Dispatcher
from handlers.delivery.order import MOST, PATIENCE
from storage.database import SqlDatabase
from tests.databases import SettableClock
from tests.handlers.delivery.test_dispatcher import unexpected

SECOND = timedelta(seconds=1)


@asynccontextmanager
async def to_people(
    database: SqlDatabase,
    clock: SettableClock,
    people: int,
    each: int,
    deliver: Callable[[str, int], Awaitable[bool]],
) -> AsyncIterator[Dispatcher]:
    """Have `each` messages to each of so many people fall due, the oldest last in the table."""
    began = clock.now().replace(microsecond=0) - timedelta(hours=1)

    def fall_due(uow: UnitOfWork) -> None:
        for number in reversed(range(each)):
            due_at = began + number * SECOND
            for n in range(people):
                at = At(due_at)
                uow.enqueue(Notification(Kind.SUMMARY, f"p{n}", recipient=f"p{n}", due_at=due_at, params=at))

    await database.write(fall_due)

    async def one(claim: Claim) -> bool:
        due_at = claim.notification.params_as(At).at
        return await deliver(claim.notification.subject, round((due_at - began).total_seconds()))

    dispatcher = Dispatcher(database.outbox, clock, one, *(unexpected,) * 4)
    running = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        await dispatcher.stop(grace=0.1)
        with suppress(asyncio.CancelledError):
            await running


async def until(
    dispatcher: Dispatcher,
    clock: SettableClock,
    done: Callable[[], bool],
    step: timedelta = MARGIN_TO_MARK / 5,
) -> None:
    """Let the time pass, in steps of which an uncertain attempt waits five if not said otherwise."""
    for _ in range(400):
        await dispatcher.idle()
        if done():
            return
        clock.move(step)
        dispatcher.notify()
    raise AssertionError("not in time")


async def test_after_an_outage_they_come_in_the_order_in_which_they_fell_due(
    database: SqlDatabase, clock: SettableClock
) -> None:
    """Slack takes nothing for 160 seconds: what was tried again was passed by what was not.

    «p4» is a job that asks nothing of Slack: that it is done tells nothing of Slack.
    """
    calls, began = 0, clock.now()
    came: dict[str, list[int]] = {}

    async def deliver(person: str, number: int) -> bool:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.001 * (calls % 5))
        if person == "p4":
            return False
        if clock.now() < began + 160 * SECOND:
            raise OutcomeUnknown("500")
        came.setdefault(person, []).append(number)
        return True

    async with to_people(database, clock, 5, 8, deliver) as dispatcher:
        await until(dispatcher, clock, lambda: sum(map(len, came.values())) == 32)
    assert came == {f"p{n}": list(range(8)) for n in range(4)}


@pytest.mark.parametrize(("people", "patience"), [(2, PATIENCE), (1, MOST)])
async def test_one_that_never_arrives_holds_others_up_for_a_minute_or_two_hours_where_nothing_else_is_sent(
    database: SqlDatabase, clock: SettableClock, people: int, patience: float
) -> None:
    came: list[tuple[str, int]] = []

    async def deliver(person: str, number: int) -> bool:
        if (person, number) == ("p0", 0):
            raise OutcomeUnknown("500")
        came.append((person, number))
        return True

    began, others = clock.now(), [("p1", number) for number in range(3)][: 3 * (people - 1)]
    async with to_people(database, clock, people, 3, deliver) as dispatcher:
        step = timedelta(seconds=max(4.0, patience / 120))
        await until(dispatcher, clock, lambda: len(came) == len(others) + 2, step)
    assert came == [*others, ("p0", 1), ("p0", 2)]
    assert patience <= (clock.now() - began).total_seconds() < patience + 2 * 60

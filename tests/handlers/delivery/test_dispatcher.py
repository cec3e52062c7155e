"""The dispatcher on a real outbox: when it looks, and what it does when a delivery outlives its lease."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NoReturn

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.domain.directory.entities import Person
from bot.domain.errors import Overtaken
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification
from bot.usecases.delivery import redeliver
from bot.usecases.ports import Claim, UnitOfWork
from handlers.delivery import dispatcher as of_deliveries
from handlers.delivery.calls import OutcomeUnknown
from handlers.delivery.dispatcher import CONCURRENCY, MOST_FAULTS, Dispatcher
from storage.database import SqlDatabase
from storage.outbox import LEASE
from tests.databases import SettableClock

PERSON = Person("person", slack_id="U1", language=Language.NB)
HOME = Notification(Kind.HOME, PERSON.id, recipient=PERSON.id)
#: Seconds in which it has looked because of something, and not because it always looks after a while.
SOON = 60.0


@pytest.fixture(autouse=True)
def it_looks_only_because_of_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_deliveries, "LONGEST_SLEEP", 10 * SOON)


async def unexpected(*what: object) -> NoReturn:
    raise AssertionError(what)


async def noted(_claim: Claim) -> None:
    """What a lost lease has left is noted for whoever runs next."""


@asynccontextmanager
async def dispatching(
    database: SqlDatabase, clock: SettableClock, deliver: Callable[[Claim], Awaitable[None]], homes: int
) -> AsyncIterator[Dispatcher]:
    def asked_for(uow: UnitOfWork) -> None:
        people = [Person(f"person-{n}", slack_id=f"U{n}") for n in range(homes)]
        uow.add(*people)
        uow.enqueue(*(Notification(Kind.HOME, person.id, recipient=person.id) for person in people))

    await database.write(asked_for)
    dispatcher = Dispatcher(database.outbox, clock, deliver, *(unexpected,) * 5)
    running = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        await dispatcher.stop(grace=0.1)
        await running


async def test_a_place_that_becomes_free_is_taken_at_once(
    database: SqlDatabase, clock: SettableClock
) -> None:
    begun: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def deliver(_claim: Claim) -> None:
        may_end = asyncio.Event()
        begun.put_nowait(may_end)
        await may_end.wait()

    async with dispatching(database, clock, deliver, homes=CONCURRENCY + 3) as dispatcher:
        async with asyncio.timeout(SOON):
            inflight = [await begun.get() for _ in range(CONCURRENCY)]
        for _ in range(3):
            inflight.pop().set()
            async with asyncio.timeout(SOON):
                inflight.append(await begun.get())
        assert begun.empty()
        for each in inflight:
            each.set()
        async with asyncio.timeout(SOON):
            await dispatcher.idle()


async def test_what_is_tried_again_does_not_wait_for_what_is_under_way(
    database: SqlDatabase, clock: SettableClock
) -> None:
    tried: list[str] = []
    again, may_end = asyncio.Event(), asyncio.Event()

    async def deliver(claim: Claim) -> None:
        tried.append(claim.notification.subject)
        if claim.notification.subject == "person-0":
            await may_end.wait()
        elif tried.count("person-1") == 1:
            raise Overtaken
        else:
            again.set()

    async with dispatching(database, clock, deliver, homes=2) as dispatcher:
        async with asyncio.timeout(SOON):
            await again.wait()
        idle = asyncio.create_task(dispatcher.idle())
        await asyncio.sleep(0.1)
        assert not idle.done(), "one is still under way"
        may_end.set()
        async with asyncio.timeout(SOON):
            await idle
    assert sorted(tried) == ["person-0", "person-1", "person-1"]


async def test_it_does_not_look_for_more_where_it_saw_that_there_is_none(
    database: SqlDatabase, clock: SettableClock
) -> None:
    looks: list[str] = []
    begun = asyncio.Event()

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("WITH due"):
            looks.append(statement)

    async def deliver(claim: Claim) -> None:
        begun.set()
        await asyncio.sleep(0.02 * int(claim.notification.subject.removeprefix("person-")))

    event.listen(database._transactions.writer, "before_cursor_execute", count)
    async with dispatching(database, clock, deliver, homes=CONCURRENCY - 1) as dispatcher:
        async with asyncio.timeout(SOON):
            await begun.wait()
            await dispatcher.idle()
    assert 2 <= len(looks) < CONCURRENCY - 1


async def test_what_is_being_claimed_as_it_stops_is_delivered(
    database: SqlDatabase, clock: SettableClock
) -> None:
    """Or nobody would have it before its lease is over, however soon the bot is back."""
    delivered: list[str] = []
    claiming, may_claim = threading.Event(), threading.Event()

    def held_up(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("WITH due"):
            claiming.set()
            may_claim.wait(SOON)

    async def deliver(claim: Claim) -> None:
        delivered.append(claim.notification.subject)

    event.listen(database._transactions.writer, "before_cursor_execute", held_up)
    async with dispatching(database, clock, deliver, homes=1) as dispatcher:
        assert await asyncio.to_thread(claiming.wait, SOON)
        stopping = asyncio.create_task(dispatcher.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()
        may_claim.set()
        await stopping
    assert delivered == ["person-0"]
    assert await database.outbox.upcoming(5) == []


async def test_who_was_frozen_past_its_lease_does_not_have_the_last_word(
    database: SqlDatabase, clock: SettableClock
) -> None:
    """Having read the state before it froze, it shows it after another has shown a newer one."""
    await database.write(_known)
    shown: list[Language | None] = []
    frozen, thawed, second = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def deliver(_claim: Claim) -> None:
        person = await database.read(lambda uow: uow.get(Person, PERSON.id))
        assert person is not None
        if not frozen.is_set():
            frozen.set()
            await thawed.wait()
        shown.append(person.language)
        second.set()

    async def gave_up(notification: Notification) -> None:
        raise AssertionError(notification.kind)

    async def on_lost_lease(claim: Claim) -> None:
        await database.write(lambda uow: redeliver(uow, claim.notification))

    dispatcher = Dispatcher(
        database.outbox, clock, deliver, gave_up, noted, on_lost_lease, unexpected, unexpected
    )
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(SOON):
        await frozen.wait()
        await database.write(_speaks_english)
        clock.move(LEASE + timedelta(seconds=1))
        dispatcher.notify()
        await second.wait()
        assert shown == [Language.EN]
        thawed.set()
        await dispatcher.idle()
    assert shown[1] is Language.NB
    assert shown[-1] is Language.EN
    await dispatcher.stop()
    await running


async def test_what_was_left_is_not_put_right_beside_whoever_has_the_lease(
    database: SqlDatabase, clock: SettableClock
) -> None:
    """Their message, posted and not yet remembered, would be taken for what was left."""
    await database.write(_known)
    events: list[str] = []
    first_may_end, second_may_end, second_began = asyncio.Event(), asyncio.Event(), asyncio.Event()
    first_began = asyncio.Event()

    async def deliver(_claim: Claim) -> None:
        if not first_began.is_set():
            first_began.set()
            await first_may_end.wait()
            events.append("first ends")
        else:
            second_began.set()
            await second_may_end.wait()
            events.append("second ends")

    async def gave_up(notification: Notification) -> None:
        raise AssertionError(notification.kind)

    async def on_lost_lease(_claim: Claim) -> None:
        events.append("put right")

    dispatcher = Dispatcher(
        database.outbox, clock, deliver, gave_up, noted, on_lost_lease, unexpected, unexpected
    )
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(SOON):
        await first_began.wait()
        clock.move(LEASE + timedelta(seconds=1))
        dispatcher.notify()
        await second_began.wait()
        first_may_end.set()
        await asyncio.sleep(0.3)  # longer than between two looks
        assert events == ["first ends"]
        second_may_end.set()
        await dispatcher.idle()
    assert events == ["first ends", "second ends", "put right"]
    await dispatcher.stop()
    await running


def _known(uow: UnitOfWork) -> None:
    uow.add(PERSON)
    uow.enqueue(HOME)


def _speaks_english(uow: UnitOfWork) -> None:
    uow.change(PERSON, language=Language.EN)
    uow.enqueue(HOME)


@pytest.mark.parametrize("stood", [True, False])
async def test_after_eight_faults_in_a_row_it_is_looked_whether_it_stands_before_it_is_given_up(
    database: SqlDatabase, clock: SettableClock, stood: bool
) -> None:
    await database.write(_known)
    tried: list[int] = []
    given_up: list[Notification] = []

    async def deliver(claim: Claim) -> None:
        tried.append(claim.attempts)
        if len(tried) == 4:
            raise OutcomeUnknown("500")
        raise RuntimeError("ours")

    async def gave_up(notification: Notification) -> None:
        given_up.append(notification)

    async def stands(_claim: Claim) -> bool:
        return stood

    dispatcher = Dispatcher(
        database.outbox, clock, deliver, gave_up, unexpected, unexpected, stands, unexpected
    )
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(SOON):
        for times in range(1, 4 + MOST_FAULTS):
            await dispatcher.idle()
            assert tried == list(range(1, times + 1))
            assert given_up == []
            clock.move(timedelta(minutes=1))
        await dispatcher.idle()
    assert len(tried) == 4 + MOST_FAULTS, "what Slack left uncertain is no fault, and ends a row of them"
    assert len(given_up) == (not stood)
    assert sum((await database.outbox.given_up()).values()) == (not stood)
    await dispatcher.stop()
    await running


async def test_a_row_that_the_database_fails_is_never_given_up(
    database: SqlDatabase, clock: SettableClock
) -> None:
    await database.write(_known)
    tried: list[int] = []

    async def deliver(claim: Claim) -> None:
        tried.append(claim.attempts)
        if len(tried) <= 3 * MOST_FAULTS:
            await database.write(lambda uow: _out_of_order())

    dispatcher = Dispatcher(database.outbox, clock, deliver, *(unexpected,) * 5)
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(SOON):
        for _ in range(3 * MOST_FAULTS):
            await dispatcher.idle()
            clock.move(timedelta(minutes=1))
        await dispatcher.idle()
    assert len(tried) == 3 * MOST_FAULTS + 1, "at least once a minute"
    assert await database.outbox.given_up() == {}
    await dispatcher.stop()
    await running


def _out_of_order() -> NoReturn:
    raise OperationalError("INSERT", None, sqlite3.OperationalError("database or disk is full"))

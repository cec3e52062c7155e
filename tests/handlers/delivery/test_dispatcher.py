"""The dispatcher on a real outbox: when it checks, in which order it delivers, and when it gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from bot.domain.notifications import At, Kind, Notification
from bot.usecases.ports import LANDS_WITHIN, Claim, SetAside, UnitOfWork
from handlers.delivery import dispatcher as of_deliveries
from handlers.delivery.calls import OutcomeUnknown, SlackRefused, Unusable
from handlers.delivery.dispatcher import CONCURRENCY, MOST_FAULTS, Dispatcher
from handlers.delivery.order import MOST, PATIENCE
from storage.database import SqlDatabase
from tests.databases import SettableClock
from tests.storage.conftest import Box

#: Within these seconds it has checked because of an event, not by its regular check.
SOON = 60.0
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def it_looks_only_because_of_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_deliveries, "LONGEST_SLEEP", 10 * SOON)


async def unexpected(*what: object) -> NoReturn:
    raise AssertionError(what)


@dataclass
class Given:
    """Deliveries; methods that are not given must not be called."""

    deliver: Callable[[Claim], Awaitable[Any]]
    give_up: Callable[[Claim, str], Awaitable[None]] = unexpected
    stands: Callable[[Claim], Awaitable[bool]] = unexpected
    leave_to_active: Callable[[Claim], Awaitable[None]] = unexpected
    set_aside: Callable[[Sequence[SetAside]], Awaitable[None]] = unexpected

    def prepare(self, uow: UnitOfWork, claim: Claim) -> None:
        """Prepare nothing before delivery."""


@pytest.fixture
def box(database: SqlDatabase, clock: SettableClock) -> Box:
    return Box(database, clock)


@asynccontextmanager
async def dispatching(box: Box, given: Given, *, people: int = 1, each: int = 1) -> AsyncIterator[Dispatcher]:
    """Make `each` messages to each of these people fall due, the oldest last in the table."""
    began = box.clock.now().replace(second=0, microsecond=0) - timedelta(hours=1)

    def fall_due(uow: UnitOfWork) -> None:
        for number in reversed(range(each)):
            due_at = began + number * SECOND
            for n in range(people):
                at = At(due_at)
                uow.enqueue(Notification(Kind.SUMMARY, f"p{n}", recipient=f"p{n}", due_at=due_at, params=at))

    await box.database.write(fall_due)
    dispatcher = Dispatcher(box.outbox, box.clock, given)
    task = asyncio.create_task(dispatcher.run())
    try:
        async with asyncio.timeout(SOON):
            yield dispatcher
    finally:
        await dispatcher.stop(grace=0.1)
        await task


def message_of(claim: Claim) -> tuple[str, int]:
    """Return whose message it is, and its number among theirs."""
    return claim.notification.subject, claim.notification.params_as(At).at.second


async def test_a_place_that_becomes_free_is_taken_at_once(box: Box) -> None:
    begun: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def deliver(_claim: Claim) -> None:
        may_end = asyncio.Event()
        begun.put_nowait(may_end)
        await may_end.wait()

    async with dispatching(box, Given(deliver), people=CONCURRENCY + 3) as dispatcher:
        inflight = [await begun.get() for _ in range(CONCURRENCY)]
        for _ in range(3):
            inflight.pop().set()
            inflight.append(await begun.get())
        assert begun.empty()
        for each in inflight:
            each.set()
        await dispatcher.idle()


async def test_once_it_stops_it_claims_nothing_more(box: Box) -> None:
    begun: list[int] = []
    full, may_end = asyncio.Event(), asyncio.Event()

    async def deliver(claim: Claim) -> None:
        begun.append(claim.id)
        if len(begun) == CONCURRENCY:
            full.set()
        await may_end.wait()

    async with dispatching(box, Given(deliver), people=CONCURRENCY + 3) as dispatcher:
        await full.wait()
        stopping = asyncio.create_task(dispatcher.stop())
        await asyncio.sleep(0)
        may_end.set()
        await stopping
    assert len(begun) == CONCURRENCY


@pytest.mark.parametrize("stood", [True, False])
async def test_after_eight_faults_in_a_row_it_is_looked_whether_it_stands_before_it_is_given_up(
    box: Box, stood: bool
) -> None:
    tried: list[int] = []
    given_up: list[Notification] = []

    async def deliver(claim: Claim) -> None:
        tried.append(claim.attempts)
        if len(tried) == 4:
            raise OutcomeUnknown("500")
        raise RuntimeError("ours")

    async def give_up(claim: Claim, code: str) -> None:
        given_up.append(claim.notification)
        await box.database.write(lambda uow: uow.delivered(claim, given_up=code))

    async def stands(_claim: Claim) -> bool:
        return stood

    async with dispatching(box, Given(deliver, give_up, stands)) as dispatcher:
        for times in range(1, 4 + MOST_FAULTS):
            await dispatcher.idle()
            assert tried == list(range(1, times + 1))
            assert given_up == []
            box.clock.move(timedelta(minutes=1))
        await dispatcher.idle()
    assert len(tried) == 4 + MOST_FAULTS, "what Slack left uncertain is no fault, and ends a row of them"
    assert len(given_up) == (not stood)
    assert sum((await box.outbox.given_up()).values()) == (not stood)


async def test_slack_is_out_of_order_no_longer_once_nobody_waits_for_what_met_it(box: Box) -> None:
    tried: list[int] = []

    async def deliver(claim: Claim) -> None:
        tried.append(claim.id)
        if len(tried) == 1:
            raise Unusable("token_revoked")
        raise SlackRefused("user_disabled")

    async def give_up(claim: Claim, _: str) -> None:
        await box.outbox.end(claim, "user_disabled")

    async with dispatching(box, Given(deliver, give_up)) as dispatcher:
        await dispatcher.idle()
        shown = [dispatcher.refusal]
        box.clock.move(timedelta(minutes=1))
        await dispatcher.idle()
        box.clock.move(timedelta(minutes=3))
        shown.append(dispatcher.refusal)
    assert len(tried) == 2
    assert shown == ["token_revoked", None]


async def until(
    box: Box,
    dispatcher: Dispatcher,
    done: Callable[[], bool],
    step: timedelta = LANDS_WITHIN / 5,
) -> None:
    """Let time pass, in steps; an uncertain attempt by default waits five of them."""
    for _ in range(400):
        await dispatcher.idle()
        if done():
            return
        box.clock.move(step)
        dispatcher.notify()
    raise AssertionError("not in time")


async def test_after_an_outage_they_come_in_the_order_in_which_they_fell_due(box: Box) -> None:
    """Slack accepts nothing for 160 seconds: newer messages overtook the retried ones.

    «p4» is a job that makes no Slack call: its success says nothing about Slack.
    """
    calls, began = 0, box.clock.now()
    came: dict[str, list[int]] = {}

    async def deliver(claim: Claim) -> bool:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.001 * (calls % 5))
        person, number = message_of(claim)
        if person == "p4":
            return False
        if box.clock.now() < began + 160 * SECOND:
            raise OutcomeUnknown("500")
        came.setdefault(person, []).append(number)
        return True

    async with dispatching(box, Given(deliver), people=5, each=8) as dispatcher:
        await until(box, dispatcher, lambda: sum(map(len, came.values())) == 32)
    assert came == {f"p{n}": list(range(8)) for n in range(4)}


@pytest.mark.parametrize(("people", "patience"), [(2, PATIENCE), (1, MOST)])
async def test_one_that_never_arrives_holds_others_up_for_a_minute_or_two_hours_where_nothing_else_is_sent(
    box: Box, people: int, patience: float
) -> None:
    came: list[tuple[str, int]] = []

    async def deliver(claim: Claim) -> bool:
        message = message_of(claim)
        if message == ("p0", 0):
            raise OutcomeUnknown("500")
        came.append(message)
        return True

    began, others = box.clock.now(), [("p1", number) for number in range(3)][: 3 * (people - 1)]
    async with dispatching(box, Given(deliver), people=people, each=3) as dispatcher:
        step = timedelta(seconds=max(4.0, patience / 120))
        await until(box, dispatcher, lambda: len(came) == len(others) + 2, step)
    assert came == [*others, ("p0", 1), ("p0", 2)]
    assert patience <= (box.clock.now() - began).total_seconds() < patience + 2 * 60

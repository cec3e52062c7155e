"""A clock that is put back or ahead by an hour: what only waits goes on waiting as long as it would have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from bot.clock import SteadyClock
from bot.domain.notifications import Kind, Notification
from storage.ledgers.clock_steps import MARGIN
from tests.databases import SettableClock, opened
from tests.storage.conftest import CARD, HOUR, MINUTE, SECOND, Box


class WrongClock(SettableClock):
    """The machine's clock, which is `wrong`; nobody has moved it on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.wrong


Stepping = tuple[Box, Callable[[timedelta], None]]


@pytest.fixture
def wrong_clock() -> WrongClock:
    return WrongClock()


@pytest.fixture
async def stepping(database_url: str, wrong_clock: WrongClock) -> AsyncIterator[Stepping]:
    """An outbox, and what puts the clock by which it goes back or ahead."""
    url = database_url
    if url.startswith("postgresql"):
        # The server's own functions come last; on SQLite the bot's clock is the only one.
        url += "&options=-csearch_path%3Dpublic,pg_catalog"
        with psycopg.connect(database_url) as connection:
            connection.execute("CREATE TABLE wrong (by interval)")
            connection.execute("INSERT INTO wrong VALUES ('0')")
            connection.execute(
                "CREATE FUNCTION statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql AS"
                " 'SELECT pg_catalog.statement_timestamp() + by FROM public.wrong'"
            )

    def step(by: timedelta) -> None:
        wrong_clock.wrong += by
        if database_url.startswith("postgresql"):
            with psycopg.connect(database_url) as connection:
                connection.execute("UPDATE wrong SET by = by + %s", (by,))

    async with opened(url, wrong_clock) as database:
        await database.outbox.claim(1)
        yield Box(database, wrong_clock), step


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "ahead"])
async def test_what_only_waits_waits_on(stepping: Stepping, wrong_clock: WrongClock, by: timedelta) -> None:
    """An hour back it waited an hour; an hour ahead it was tried before what was uncertain could land."""
    box, step = stepping

    async def waits() -> None:
        step(by)
        claimed = await box.outbox.claim(10)
        assert claimed.rows == []
        assert claimed.due_in is not None
        assert MARGIN - 3 * SECOND < claimed.due_in <= MARGIN
        step(-by)
        await box.claimed()

    await box.put(CARD)
    await box.outbox.retry(await box.one(), MARGIN, counts=True)
    await waits()
    wrong_clock.move(MARGIN)
    await box.outbox.done(await box.one())
    # Copies are looked for: an entry that is due later, and yet at no time of day.
    await box.put(Notification(Kind.COPIES, "op", due_at=wrong_clock.now() + MARGIN))
    await waits()


async def test_what_was_due_still_is_and_a_time_stays(stepping: Stepping, wrong_clock: WrongClock) -> None:
    box, step = stepping
    at = wrong_clock.now() + 10 * MINUTE
    await box.put(CARD, replace(CARD, subject="later", due_at=at))
    step(-HOUR)
    claim = await box.one()
    assert claim.notification.subject == CARD.subject
    await box.outbox.done(claim)
    waits = await box.outbox.next_due_in()
    assert waits is not None
    assert 69 * MINUTE < waits <= 70 * MINUTE
    await box.put(CARD)
    step(-HOUR)
    await box.one()


async def test_put_back_while_nobody_looked(database_url: str, wrong_clock: WrongClock) -> None:
    """As the bot starts again, with nothing to compare the time with."""
    async with opened(database_url, wrong_clock) as first:
        box = Box(first, wrong_clock)
        wrong_clock.move(HOUR)
        await box.put(CARD, Notification(CARD.kind, "other", case_id="other"))
        await box.outbox.retry(await box.one(1), MARGIN, counts=True)
    wrong_clock.move(-HOUR)
    async with opened(database_url, wrong_clock) as second:
        box = Box(second, wrong_clock)
        await box.outbox.start()
        await box.one()
        wrong_clock.move(MARGIN)
        await box.one()


def test_a_steady_clock_follows_what_is_moved_on_purpose_alone(wrong_clock: WrongClock) -> None:
    steady = SteadyClock(wrong_clock)
    began = steady.now()
    wrong_clock.wrong = -HOUR
    assert began <= steady.now() < began + MINUTE
    wrong_clock.move(HOUR)
    assert began + HOUR <= steady.now() < began + HOUR + MINUTE


async def test_what_is_due_now_is_had_now_where_the_clock_stands_still(sqlite_database_url: str) -> None:
    clock = SettableClock()
    async with opened(sqlite_database_url, clock) as database:
        box = Box(database, clock)
        with clock.held():
            await box.put(CARD)
            assert (await box.one()).notification.kind is CARD.kind

"""A clock that is put back or ahead by an hour: what only waits goes on waiting as long as it would have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from bot.clock import SteadyClock
from bot.domain.notifications import Kind, Notification
from sandbox.clock import MovableClock
from storage.database import SqlDatabase
from storage.ledgers.clock_steps import MARGIN
from tests.databases import SettableClock, open_database
from tests.storage.notifications import CARD, HOUR, MINUTE, SECOND, one, put


class WrongClock(SettableClock):
    """The machine's clock, which is `wrong`; nobody has moved it on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.wrong


Step = Callable[[timedelta], None]


@pytest.fixture
def wrong_clock() -> WrongClock:
    return WrongClock()


def seeing_the_wrong_clock(url: str) -> str:
    """The URL by which the server's own functions come last; on SQLite the bot's clock is the only one."""
    return f"{url}&options=-csearch_path%3Dpublic,pg_catalog" if url.startswith("postgresql") else url


@pytest.fixture
async def stepping(database_url: str, wrong_clock: WrongClock) -> AsyncIterator[tuple[SqlDatabase, Step]]:
    """A database, and what puts the clock by which it goes back or ahead."""
    if database_url.startswith("postgresql"):
        with psycopg.connect(database_url) as connection:
            connection.execute("CREATE TABLE wrong (by interval)")
            connection.execute("INSERT INTO wrong VALUES ('0')")
            # Before the server's own in the search path: its clock, as far as the bot sees it.
            connection.execute(
                "CREATE FUNCTION statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql AS"
                " 'SELECT pg_catalog.statement_timestamp() + by FROM public.wrong'"
            )

    def step(by: timedelta) -> None:
        wrong_clock.wrong += by
        if database_url.startswith("postgresql"):
            with psycopg.connect(database_url) as connection:
                connection.execute("UPDATE wrong SET by = by + %s", (by,))

    database = open_database(seeing_the_wrong_clock(database_url), wrong_clock)
    await database.outbox.claim(1)
    yield database, step
    await database.close()


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "ahead"])
async def test_what_waits_by_no_time_of_day_waits_as_long_as_it_would_have(
    stepping: tuple[SqlDatabase, Step], wrong_clock: WrongClock, by: timedelta
) -> None:
    """An hour back it waited an hour; an hour ahead it was tried before what was uncertain could land."""
    database, step = stepping

    async def waits(wait: timedelta) -> None:
        step(by)
        claimed = await database.outbox.claim(10)
        assert claimed.rows == []
        assert claimed.due_in is not None
        assert wait - 3 * SECOND < claimed.due_in <= wait
        step(-by)
        await database.outbox.claim(10)

    await put(database, CARD)
    held = await one(database.outbox)
    await database.outbox.retry(held, MARGIN, counts=True)
    await waits(MARGIN)
    wrong_clock.move(MARGIN)
    await database.outbox.done(await one(database.outbox))
    # Copies are looked for: an entry that is due later, and yet at no time of day.
    await put(database, Notification(Kind.COPIES, "op", due_at=wrong_clock.now() + MARGIN))
    await waits(MARGIN)


async def test_what_was_due_at_once_still_is_and_a_time_of_day_stays(
    stepping: tuple[SqlDatabase, Step], wrong_clock: WrongClock
) -> None:
    database, step = stepping
    at = wrong_clock.now() + 10 * MINUTE
    await put(database, CARD, replace(CARD, subject="later", due_at=at))
    step(-HOUR)
    claim = await one(database.outbox)
    assert claim.notification.subject == CARD.subject
    await database.outbox.done(claim)
    waits = await database.outbox.next_due_in()
    assert waits is not None
    assert 69 * MINUTE < waits <= 70 * MINUTE
    await put(database, CARD)
    step(-HOUR)
    await one(database.outbox)


async def test_put_back_while_nobody_looked(database_url: str, wrong_clock: WrongClock) -> None:
    """As the bot starts again, with nothing to compare the time with."""
    first = open_database(database_url, wrong_clock)
    wrong_clock.move(HOUR)
    await put(first, CARD, Notification(CARD.kind, "other", case_id="other"))
    await first.outbox.retry((await first.outbox.claim(1)).rows[0], MARGIN, counts=True)
    await first.close()
    wrong_clock.move(-HOUR)
    second = open_database(database_url, wrong_clock)
    await second.outbox.start()
    assert len((await second.outbox.claim(10)).rows) == 1
    wrong_clock.move(MARGIN)
    await one(second.outbox)
    await second.close()


def test_a_steady_clock_follows_what_is_moved_on_purpose_alone(wrong_clock: WrongClock) -> None:
    steady = SteadyClock(wrong_clock)
    began = steady.now()
    wrong_clock.wrong = -HOUR
    assert began <= steady.now() < began + MINUTE
    wrong_clock.move(HOUR)
    assert began + HOUR <= steady.now() < began + HOUR + MINUTE


async def test_what_is_due_now_is_had_now_where_the_clock_stands_still(sqlite_database_url: str) -> None:
    clock = MovableClock()
    database = open_database(sqlite_database_url, clock)
    with clock.held():
        await put(database, CARD)
        assert (await one(database.outbox)).notification.kind is CARD.kind
    await database.close()

"""The outbox beside others who write, and as those see it who only look on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import psycopg

from bot.domain.notifications import Kind, Notification
from storage.database import SqlDatabase
from storage.outbox import SqlOutbox
from tests.databases import SettableClock, open_database, postgres_alone
from tests.storage.entities import GUIDANCE
from tests.storage.notifications import CARD, DAY, MINUTE, REMINDER, Box, one, put


async def test_two_that_want_the_same_documents_do_not_lock_each_other_out(
    database: SqlDatabase, second: SqlDatabase
) -> None:
    homes = [Notification(Kind.HOME, str(n), recipient=str(n)) for n in range(30)]
    await asyncio.gather(
        *(put(database, *homes) for _ in range(5)), *(put(second, *reversed(homes)) for _ in range(5))
    )
    assert {c.generation for c in (await database.outbox.claim(50)).rows} == {10}


async def test_it_is_the_databases_clock_that_tells_who_is_due(
    postgres_database_url: str, clock: SettableClock
) -> None:
    """A worker whose own clock is an hour fast, and does not know it, takes nothing early."""

    class Skewed(SettableClock):
        def now(self):  # type: ignore[no-untyped-def]
            return super().now() + timedelta(hours=1)

    right = open_database(postgres_database_url, clock)
    skewed = open_database(postgres_database_url, Skewed())
    await put(right, replace(CARD, due_at=clock.now() + MINUTE))
    assert (await skewed.outbox.claim(10)).rows == []
    await put(skewed, replace(CARD, subject="other"))
    await one(right.outbox)
    await right.close()
    await skewed.close()


async def test_when_the_next_row_is_due(box: Box) -> None:
    database, outbox, clock = box.database, box.outbox, box.clock

    def within(low: timedelta, found: timedelta | None, high: timedelta) -> None:
        assert found is not None
        assert low < found <= high

    assert await outbox.next_due_in() is None
    assert await outbox.oldest_due() is None
    await put(database, replace(CARD, due_at=clock.now() + MINUTE))
    within(timedelta(0), await outbox.next_due_in(), MINUTE)
    assert await outbox.oldest_due() is None

    clock.move(3 * MINUTE)
    within(-3 * MINUTE, await outbox.next_due_in(), -MINUTE)
    within(MINUTE, await outbox.oldest_due(), 3 * MINUTE)

    await put(database, replace(CARD, subject="later", due_at=clock.now() + 5 * MINUTE))
    claimed = await outbox.claim(10)
    (claim,) = claimed.rows
    assert (await outbox.claim(0)).due_in is None, "nobody asks where there is no room"
    for after_what_is_in_hand in (claimed.due_in, await outbox.next_due_in()):
        within(4 * MINUTE, after_what_is_in_hand, 5 * MINUTE)
    within(MINUTE, await outbox.oldest_due(), 3 * MINUTE)  # in hand, and not delivered yet
    await outbox.done(claim)
    assert await outbox.oldest_due() is None
    within(4 * MINUTE, (await outbox.claim(10)).due_in, 5 * MINUTE)


async def test_what_is_coming(database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock) -> None:
    tomorrow = clock.now() + DAY
    await put(database, replace(REMINDER, due_at=tomorrow), CARD, replace(CARD, subject="done"))
    await one_of(outbox, "done")
    await put(database, CARD)
    coming = await outbox.upcoming(10)
    assert [(u.notification.kind, u.in_hand, u.attempts) for u in coming] == [
        (Kind.ROOM, True, 1),
        (Kind.DEPUTY_WAITS, False, 0),
    ]
    assert coming[1].next_at == tomorrow
    assert len(await outbox.upcoming(1)) == 1


async def one_of(outbox: SqlOutbox, subject: str) -> None:
    """Deliver what is due about one subject and leave the rest claimed."""
    for claim in (await outbox.claim(10)).rows:
        if claim.notification.subject == subject:
            await outbox.done(claim)


async def test_old_rows_and_receipts_are_forgotten(box: Box) -> None:
    database, outbox, clock = box.database, box.outbox, box.clock
    await put(database, CARD, REMINDER)
    for claim in (await outbox.claim(10)).rows:
        await (outbox.done(claim) if claim.notification.once else outbox.dead(claim, "is_archived"))
    await put(database, replace(CARD, subject="waits", due_at=clock.now() + 60 * DAY))
    await database.once(["event"], lambda uow: None)

    async def forget() -> tuple[int, int]:
        forgotten = await outbox.forget_done()
        return forgotten.rows, forgotten.receipts

    assert await forget() == (0, 0)
    clock.move(8 * DAY)
    assert await forget() == (0, 1)
    clock.move(23 * DAY)
    assert await forget() == (2, 0)
    assert await outbox.given_up() == {}
    assert len(await outbox.upcoming(10)) == 1


@postgres_alone
async def test_documents_lie_in_order_as_soon_as_nobody_reads_for_long(
    database: SqlDatabase, database_url: str
) -> None:
    """The order of the rows tells nobody what was changed last; yet a backup beside it is no fault."""
    asked = [replace(GUIDANCE, id=id) for id in "abc"]
    await database.write(lambda uow: uow.add(*asked))
    await database.write(lambda uow: uow.change(asked[0], text="another"))

    def order() -> list[str]:
        return [row[0] for row in reader.execute("SELECT id FROM documents ORDER BY ctid")]

    with psycopg.connect(database_url) as reader:
        assert order() == ["b", "c", "a"]
        await database.outbox.forget_done()
        reader.rollback()
        await database.outbox.forget_done()
        assert order() == ["a", "b", "c"]


async def test_a_locked_ledger_keeps_no_other_waiting(
    postgres_database_url: str, clock: SettableClock
) -> None:
    """More is due in it than is asked for, and longer."""
    database = open_database(postgres_database_url, clock)
    earlier = clock.now() - MINUTE
    await put(database, *(replace(CARD, subject=str(n), due_at=earlier) for n in range(9)))
    await put(database, Notification(CARD.kind, "other", case_id="other"))
    with psycopg.connect(postgres_database_url) as other:
        other.execute("SELECT 1 FROM ledgers WHERE scope = 'case/case' FOR UPDATE")
        claimed = await database.outbox.claim(3)
    assert [claim.notification.subject for claim in claimed.rows] == ["other"]
    assert len((await database.outbox.claim(9)).rows) == 9
    await database.close()

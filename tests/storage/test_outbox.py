"""The outbox, sentence by sentence, on both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.intents import Intent, Kind
from bot.usecases.ports import Claim
from storage.database import SqlDatabase, open_database
from storage.outbox import SqlOutbox
from tests.databases import SettableClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

CARD = Intent(Kind.ROOM, "case", case_id="case")
REMINDER = Intent(Kind.UNANSWERED, "ask", case_id="case", recipient="officer", once=True, mark="2")


@pytest.fixture
def outbox(database: SqlDatabase) -> SqlOutbox:
    return database.outbox


@pytest.fixture
async def second(database_url: str, clock: SettableClock) -> AsyncIterator[SqlDatabase]:
    """Another worker on the same database."""
    database = open_database(database_url, clock)
    yield database
    await database.close()


async def put(database: SqlDatabase, *intents: Intent) -> None:
    await database.write(lambda uow: uow.enqueue(*intents))


async def one(outbox: SqlOutbox) -> Claim:
    (claim,) = await outbox.claim(10)
    return claim


# --- what is claimed -----------------------------------------------------------------------------


async def test_an_intent_comes_back_whole(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    intent = replace(REMINDER, due_at=clock.now() - SECOND, useful_until=clock.now() + DAY)
    await put(database, intent)
    claim = await one(outbox)
    assert claim.intent == intent
    assert claim.attempts == 1
    assert len(claim.op_id) == 22
    assert abs(claim.enqueued_at - clock.now()) < MINUTE


async def test_without_a_due_time_it_is_due_at_once(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, CARD)
    claim = await one(outbox)
    assert claim.intent == replace(CARD, due_at=claim.enqueued_at)


async def test_what_is_not_due_waits(database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock) -> None:
    await put(database, replace(CARD, due_at=clock.now() + DAY))
    assert await outbox.claim(10) == []
    clock.move(DAY)
    await one(outbox)


async def test_the_longest_due_come_first_and_no_more_than_the_limit(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    for n in (3, 1, 4, 2):
        await put(database, replace(CARD, subject=str(n), due_at=clock.now() - n * MINUTE))
    assert [c.intent.subject for c in await outbox.claim(3)] == ["4", "3", "2"]
    assert [c.intent.subject for c in await outbox.claim(3)] == ["1"]


async def test_nothing_is_left_of_a_transaction_that_failed(database: SqlDatabase, outbox: SqlOutbox) -> None:
    def work(uow: object) -> None:
        uow.enqueue(CARD)  # type: ignore[attr-defined]
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await outbox.claim(10) == []


# --- the lease -----------------------------------------------------------------------------------


async def test_what_is_claimed_is_not_due_until_its_lease_ends(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD)
    first = await one(outbox)
    clock.move(58 * SECOND)
    assert await outbox.claim(10) == []
    clock.move(3 * SECOND)
    again = await one(outbox)
    assert (again.id, again.op_id, again.attempts) == (first.id, first.op_id, 2)
    assert again.fence > first.fence


async def test_a_worker_that_lost_its_lease_changes_nothing(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD)
    frozen = await one(outbox)
    clock.move(61 * SECOND)
    second = await one(outbox)

    assert await outbox.done(frozen) is False
    assert await outbox.dead(frozen, "is_archived") is False
    assert await outbox.retry(frozen, DAY, counts=True) is False

    assert await outbox.dead_count() == 0
    assert await outbox.done(second) is True
    assert await outbox.done(second) is False
    assert await outbox.claim(10) == []


async def test_a_lease_that_nobody_took_over_still_holds(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD)
    late = await one(outbox)
    clock.move(61 * SECOND)
    assert await outbox.done(late) is True


# --- marks ---------------------------------------------------------------------------------------


async def test_an_uncertain_attempt_counts(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD)
    assert await outbox.retry(await one(outbox), 20 * SECOND, counts=True)
    assert await outbox.claim(10) == []
    clock.move(21 * SECOND)
    assert (await one(outbox)).attempts == 2


async def test_a_certain_failure_gives_the_attempt_back(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD)
    assert await outbox.retry(await one(outbox), 20 * SECOND, counts=False)
    clock.move(21 * SECOND)
    assert (await one(outbox)).attempts == 1


async def test_what_slack_refuses_for_good_is_dead(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD)
    assert await outbox.dead(await one(outbox), "is_archived")
    clock.move(DAY)
    assert await outbox.claim(10) == []
    assert await outbox.dead_count() == 1


# --- what is wanted once -------------------------------------------------------------------------


async def test_a_reminder_happens_once_for_its_key(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, REMINDER, REMINDER)
    await put(database, replace(REMINDER, due_at=clock.now() + DAY))
    claim = await one(outbox)
    await put(database, REMINDER)
    assert await outbox.done(claim)
    await put(database, REMINDER)
    clock.move(2 * DAY)
    assert await outbox.claim(10) == []


async def test_a_reminder_that_is_dead_stays_dead(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, REMINDER)
    await outbox.dead(await one(outbox), "user_not_found")
    await put(database, REMINDER)
    assert await outbox.claim(10) == []


async def test_a_reminder_with_another_mark_is_another_one(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, REMINDER, replace(REMINDER, mark="3"))
    first, second = await outbox.claim(10)
    assert first.op_id != second.op_id


async def test_a_reminder_that_was_sent_can_be_made_current_as_a_document(
    database: SqlDatabase, outbox: SqlOutbox
) -> None:
    await put(database, REMINDER)
    sent = await one(outbox)
    assert sent.intent.once
    await outbox.done(sent)
    await put(database, replace(REMINDER, once=False))
    again = await one(outbox)
    assert not again.intent.once
    assert again.op_id == sent.op_id
    await outbox.done(again)
    await put(database, REMINDER)
    assert await outbox.claim(10) == []


# --- documents -----------------------------------------------------------------------------------


async def test_a_document_asked_for_twice_is_delivered_once(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, CARD, CARD)
    await put(database, CARD)
    await outbox.done(await one(outbox))
    assert await outbox.claim(10) == []


@pytest.mark.parametrize("dead", [False, True])
async def test_a_document_that_has_ended_is_due_again(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock, dead: bool
) -> None:
    await put(database, CARD)
    first = await one(outbox)
    await (outbox.dead(first, "is_archived") if dead else outbox.done(first))
    await put(database, replace(CARD, due_at=clock.now() + MINUTE))
    assert await outbox.dead_count() == 0
    assert await outbox.claim(10) == []
    clock.move(2 * MINUTE)
    again = await one(outbox)
    assert (again.op_id, again.attempts) == (first.op_id, 1)


async def test_a_pending_document_comes_forward_and_never_goes_back(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, replace(CARD, due_at=clock.now() + DAY))
    await put(database, replace(CARD, due_at=clock.now() + MINUTE))
    await put(database, replace(CARD, due_at=clock.now() + 2 * DAY))
    clock.move(2 * MINUTE)
    assert (await one(outbox)).attempts == 1


@pytest.mark.parametrize("counts", [False, True])
async def test_a_document_that_waits_for_slack_does_not_come_forward(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock, counts: bool
) -> None:
    await put(database, CARD)
    await outbox.retry(await one(outbox), MINUTE, counts=counts)
    await put(database, CARD, replace(CARD, due_at=clock.now() - DAY))
    assert await outbox.claim(10) == []
    clock.move(61 * SECOND)
    await one(outbox)


@pytest.mark.parametrize("dead", [False, True])
async def test_a_document_asked_for_during_its_delivery_is_delivered_once_more(
    database: SqlDatabase, outbox: SqlOutbox, dead: bool
) -> None:
    await put(database, CARD)
    first = await one(outbox)
    await put(database, CARD)
    await put(database, CARD)
    assert await outbox.claim(10) == [], "it is under way already"

    assert await (outbox.dead(first, "is_archived") if dead else outbox.done(first))

    again = await one(outbox)
    assert (again.op_id, again.attempts) == (first.op_id, 1)
    assert again.generation > first.generation
    assert await outbox.done(again)
    assert await outbox.claim(10) == []


# --- several workers -----------------------------------------------------------------------------


async def test_two_workers_never_share_a_row(database: SqlDatabase, second: SqlDatabase) -> None:
    await put(database, *(replace(CARD, subject=str(n)) for n in range(500)))

    claimed: list[int] = []
    while any(
        both := await asyncio.gather(*(d.outbox.claim(7) for d in (database, second, database, second)))
    ):
        claimed.extend(claim.id for claims in both for claim in claims)
    assert Counter(claimed) == Counter(range(1, 501))


async def test_one_delivery_of_a_document_is_under_way_at_a_time(
    database: SqlDatabase, second: SqlDatabase
) -> None:
    under_way = 0
    delivered: list[int] = []

    async def deliver(outbox: SqlOutbox) -> None:
        nonlocal under_way
        for _ in range(40):
            for claim in await outbox.claim(5):
                under_way += 1
                assert under_way == 1
                await asyncio.sleep(0.001)
                delivered.append(claim.generation)
                under_way -= 1
                assert await outbox.done(claim)
            await asyncio.sleep(0.001)

    async def ask() -> None:
        for _ in range(40):
            await put(database, CARD)

    await asyncio.gather(ask(), deliver(database.outbox), deliver(second.outbox))
    delivered.extend(claim.generation for claim in await database.outbox.claim(5))
    assert delivered == sorted(set(delivered))
    assert delivered[-1] == 40, "what was asked for last has been delivered"


async def test_two_that_want_the_same_documents_do_not_lock_each_other_out(
    database: SqlDatabase, second: SqlDatabase
) -> None:
    homes = [Intent(Kind.HOME, str(n), recipient=str(n)) for n in range(30)]
    await asyncio.gather(
        *(put(database, *homes) for _ in range(5)), *(put(second, *reversed(homes)) for _ in range(5))
    )
    assert {c.generation for c in await database.outbox.claim(50)} == {10}


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
    assert await skewed.outbox.claim(10) == []
    await put(skewed, replace(CARD, subject="other"))
    await one(right.outbox)
    await right.close()
    await skewed.close()


# --- looking on ----------------------------------------------------------------------------------


async def test_when_the_next_row_is_due(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    assert await outbox.next_due_in() is None
    assert await outbox.oldest_due() is None
    await put(database, replace(CARD, due_at=clock.now() + MINUTE))
    due_in = await outbox.next_due_in()
    assert due_in is not None
    assert timedelta(0) < due_in <= MINUTE
    assert await outbox.oldest_due() is None

    clock.move(3 * MINUTE)
    due_in, waited = await outbox.next_due_in(), await outbox.oldest_due()
    assert due_in is not None
    assert waited is not None
    assert -3 * MINUTE < due_in < -MINUTE
    assert MINUTE < waited < 3 * MINUTE

    claim = await one(outbox)
    due_in = await outbox.next_due_in()
    assert due_in is not None
    assert 50 * SECOND < due_in <= 60 * SECOND, "a lease that ends is due again"
    assert await outbox.oldest_due() is None
    await outbox.done(claim)
    assert await outbox.next_due_in() is None


async def test_what_is_coming(database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock) -> None:
    tomorrow = clock.now() + DAY
    await put(database, replace(REMINDER, due_at=tomorrow), CARD, replace(CARD, subject="done"))
    await one_of(outbox, "done")
    await put(database, CARD)
    coming = await outbox.upcoming(10)
    assert [(u.intent.kind, u.claimed, u.attempts) for u in coming] == [
        (Kind.ROOM, True, 1),
        (Kind.UNANSWERED, False, 0),
    ]
    assert coming[1].next_at == tomorrow
    assert len(await outbox.upcoming(1)) == 1


async def one_of(outbox: SqlOutbox, subject: str) -> None:
    """Deliver what is due about one subject and leave the rest claimed."""
    for claim in await outbox.claim(10):
        if claim.intent.subject == subject:
            await outbox.done(claim)


async def test_old_rows_and_receipts_are_forgotten(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD, REMINDER)
    for claim in await outbox.claim(10):
        await (outbox.done(claim) if claim.intent.once else outbox.dead(claim, "is_archived"))
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
    assert await outbox.dead_count() == 0
    assert len(await outbox.upcoming(10)) == 1

"""The outbox, sentence by sentence, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.notification_params import Occurrence
from bot.domain.notifications import Kind, Notification
from storage.database import SqlDatabase
from storage.outbox import SqlOutbox
from tests.databases import SettableClock
from tests.storage.notifications import CARD, DAY, HALF, HOUR, MINUTE, REMINDER, SECOND, one, put

# --- what is claimed -----------------------------------------------------------------------------


async def test_an_intent_comes_back_whole(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    notification = replace(REMINDER, due_at=clock.now() - SECOND, useful_until=clock.now() + DAY)
    await put(database, notification)
    claim = await one(outbox)
    assert claim.notification == notification
    assert claim.attempts == 1
    assert len(claim.op_id) == 32
    assert abs(claim.enqueued_at - clock.now()) < MINUTE


async def test_without_a_due_time_it_is_due_at_once(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, CARD)
    claim = await one(outbox)
    assert claim.notification == replace(CARD, due_at=claim.enqueued_at)


async def test_what_is_not_due_waits(database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock) -> None:
    await put(database, replace(CARD, due_at=clock.now() + DAY))
    assert (await outbox.claim(10)).rows == []
    clock.move(DAY)
    await one(outbox)


async def test_the_longest_due_come_first_and_no_more_than_the_limit(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    for n in (3, 1, 4, 2):
        await put(database, replace(CARD, subject=str(n), due_at=clock.now() - n * MINUTE))
    assert [c.notification.subject for c in (await outbox.claim(3)).rows] == ["4", "3", "2"]
    assert [c.notification.subject for c in (await outbox.claim(3)).rows] == ["1"]


async def test_what_is_urgent_is_claimed_before_a_backlog(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    for n in range(12):
        await put(database, replace(CARD, subject=str(n), due_at=clock.now() - HOUR))
    alert = Notification(Kind.INTRUDER, "case", case_id="case", recipient="lead", params=Occurrence("1"))
    await put(database, alert)
    kinds = [c.notification.kind for c in (await outbox.claim(8)).rows]
    assert kinds == [Kind.INTRUDER, *([Kind.ROOM] * 7)]


async def test_nothing_is_left_of_a_transaction_that_failed(database: SqlDatabase, outbox: SqlOutbox) -> None:
    def work(uow: object) -> None:
        uow.enqueue(CARD)  # type: ignore[attr-defined]
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert (await outbox.claim(10)).rows == []


# --- the lease -----------------------------------------------------------------------------------


async def test_what_is_claimed_is_not_due_until_its_lease_ends(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock
) -> None:
    await put(database, CARD)
    first = await one(outbox)
    clock.move(58 * SECOND)
    assert (await outbox.claim(10)).rows == []
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

    assert await outbox.given_up() == {}
    assert await outbox.done(second) is True
    assert await outbox.done(second) is False
    assert (await outbox.claim(10)).rows == []


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
    assert (await outbox.claim(10)).rows == []
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
    assert (await outbox.claim(10)).rows == []
    assert sum((await outbox.given_up()).values()) == 1


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
    assert (await outbox.claim(10)).rows == []


async def test_a_reminder_that_is_dead_stays_dead(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, REMINDER)
    await outbox.dead(await one(outbox), "user_not_found")
    await put(database, REMINDER)
    assert (await outbox.claim(10)).rows == []


async def test_a_reminder_with_another_step_is_another_one(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, REMINDER, replace(REMINDER, params=replace(HALF, step="end")))
    first, second = (await outbox.claim(10)).rows
    assert first.op_id != second.op_id


async def test_a_reminder_that_was_sent_can_be_made_current_as_a_document(
    database: SqlDatabase, outbox: SqlOutbox
) -> None:
    await put(database, REMINDER)
    sent = await one(outbox)
    assert sent.notification.once
    await outbox.done(sent)
    await put(database, replace(REMINDER, refreshes=True))
    again = await one(outbox)
    assert not again.notification.once
    assert again.op_id == sent.op_id
    await outbox.done(again)
    await put(database, REMINDER)
    assert (await outbox.claim(10)).rows == []


# --- documents -----------------------------------------------------------------------------------


async def test_a_document_asked_for_twice_is_delivered_once(database: SqlDatabase, outbox: SqlOutbox) -> None:
    await put(database, CARD, CARD)
    await put(database, CARD)
    await outbox.done(await one(outbox))
    assert (await outbox.claim(10)).rows == []


@pytest.mark.parametrize("dead", [False, True])
async def test_a_document_that_has_ended_is_due_again(
    database: SqlDatabase, outbox: SqlOutbox, clock: SettableClock, dead: bool
) -> None:
    await put(database, CARD)
    first = await one(outbox)
    await (outbox.dead(first, "is_archived") if dead else outbox.done(first))
    await put(database, replace(CARD, due_at=clock.now() + MINUTE))
    assert await outbox.given_up() == {}
    assert (await outbox.claim(10)).rows == []
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
    assert (await outbox.claim(10)).rows == []
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
    assert (await outbox.claim(10)).rows == [], "it is under way already"

    assert await (outbox.dead(first, "is_archived") if dead else outbox.done(first))

    again = await one(outbox)
    assert (again.op_id, again.attempts) == (first.op_id, 1)
    assert again.generation > first.generation
    assert await outbox.done(again)
    assert (await outbox.claim(10)).rows == []

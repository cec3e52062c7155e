"""The outbox on both databases: what no play shows, rule by rule."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from bot.clock import SteadyClock
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import LANDS_WITHIN, Posted
from storage.database import SqlDatabase
from tests.databases import SettableClock, opened, postgres_alone
from tests.ledgers import waiting_in
from tests.storage.conftest import CARD, DAY, HALF, HOUR, MINUTE, REMINDER, SECOND, Box
from tests.storage.entities import GUIDANCE, OPEN
from tests.storage.test_crypto import erase_case


async def test_the_longest_due_come_first_and_no_more_than_the_limit(box: Box) -> None:
    for n in (3, 1, 4, 2):
        await box.put(replace(CARD, subject=str(n), due_at=box.clock.now() - n * MINUTE))
    for subjects in (["4", "3", "2"], ["1"]):
        assert [claim.notification.subject for claim in await box.claimed(3)] == subjects


async def test_a_claimed_entry_is_claimed_again_only_after_a_restart(box: Box, database_url: str) -> None:
    await box.put(CARD)
    first = await box.one()
    assert await box.claimed() == []
    async with opened(database_url, box.clock) as next_process:
        again = await Box(next_process, box.clock).one()
    assert (again.id, again.op_id, again.attempts) == (first.id, first.op_id, 2), "it is read back first"


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("counts", [True, False])
async def test_an_uncertain_attempt_counts_and_a_certain_failure_does_not(
    box: Box, counts: bool, again: bool
) -> None:
    """While waiting for Slack, it is not brought forward when requested again."""
    await box.put(CARD)
    await box.outbox.retry(await box.one(), 20 * SECOND, counts=counts)
    if again:
        await box.put(CARD, replace(CARD, due_at=box.clock.now() - DAY))
    assert await box.claimed() == []
    box.clock.move(21 * SECOND)
    assert (await box.one()).attempts == 1 + counts


async def test_a_reminder_that_is_dead_stays_dead_and_one_of_another_step_is_another(box: Box) -> None:
    await box.put(REMINDER, replace(REMINDER, params=replace(HALF, step="end")))
    first, second = await box.claimed()
    assert first.op_id != second.op_id
    await box.outbox.end(first, "user_not_found")
    await box.put(first.notification)
    assert await box.claimed() == []


async def test_a_reminder_happens_once_for_its_key_and_can_be_made_current_as_a_document(box: Box) -> None:
    await box.put(REMINDER, REMINDER)
    await box.put(replace(REMINDER, due_at=box.clock.now() + DAY))
    sent = await box.one()
    assert sent.notification.once
    await box.put(REMINDER)
    await box.outbox.end(sent)
    await box.put(REMINDER)
    box.clock.move(2 * DAY)
    assert await box.claimed() == []
    await box.put(replace(REMINDER, refreshes=True))
    again = await box.one()
    assert not again.notification.once
    assert again.op_id == sent.op_id
    await box.outbox.end(again)
    await box.put(REMINDER)
    assert await box.claimed() == []


async def test_a_document_that_was_given_up_is_due_again_when_it_is_asked_for(box: Box) -> None:
    await box.put(CARD)
    first = await box.one()
    await box.outbox.end(first, "is_archived")
    assert sum((await box.outbox.given_up()).values()) == 1
    # Not at every change of a case that still wants it.
    await box.put(replace(CARD, revives=False))
    assert await box.claimed() == []
    await box.put(CARD)
    assert await box.outbox.given_up() == {}
    again = await box.one()
    assert (again.op_id, again.attempts) == (first.op_id, 1)


async def test_a_pending_document_comes_forward_and_never_goes_back(box: Box) -> None:
    await box.put(replace(CARD, due_at=box.clock.now() + DAY))
    await box.put(replace(CARD, due_at=box.clock.now() + MINUTE))
    await box.put(replace(CARD, due_at=box.clock.now() + 2 * DAY))
    box.clock.move(2 * MINUTE)
    assert (await box.one()).attempts == 1


@pytest.mark.parametrize("dead", [False, True])
async def test_a_document_asked_for_during_its_delivery_is_delivered_once_more(box: Box, dead: bool) -> None:
    await box.put(CARD)
    first = await box.one()
    await box.put(CARD)
    await box.put(CARD)
    assert await box.claimed() == [], "it is under way already"

    await (box.outbox.end(first, "is_archived") if dead else box.outbox.end(first))

    again = await box.one()
    assert (again.op_id, again.attempts) == (first.op_id, 1)
    assert again.generation > first.generation
    await box.outbox.end(again)
    assert await box.claimed() == []


async def test_entries_of_an_erased_case_are_dropped(box: Box) -> None:
    """Entries added later for an erased case, by a writer that had not seen that, are dropped."""
    await box.database.write(lambda uow: uow.add(*OPEN))
    await box.put(CARD)
    held = await box.one()
    await erase_case(box.database)
    await box.put(CARD)
    await box.outbox.end(held)
    assert [e for e in await waiting_in(box.database) if e.kind == CARD.kind] == []


async def test_cases_go_on_where_the_installations_ledger_does_not_open(box: Box) -> None:
    """Homes stop until it is repaired; reading it at every change of a case refused each change."""
    home = Notification(Kind.HOME, "officer", recipient="officer")
    await box.put(home)
    flip = text("UPDATE ledgers SET version = version + 1 WHERE scope = 'installation'")
    await box.database._transactions.write(lambda connection: connection.execute(flip))
    await box.put(home, CARD)
    assert await box.database.read(lambda uow: uow.find(Posted, case_id=None, person_id="officer")) == []
    claimed = await box.outbox.claim(9)
    assert [claim.notification.kind for claim in claimed.rows] == [Kind.ROOM]
    assert [row.kind for row in claimed.set_aside] == ["ledger"]
    assert (await box.outbox.claim(9)).set_aside == [], "it is told once"
    assert await box.database.unreadable() == ["installation"]


async def test_a_cancelled_mark_does_not_block_the_others(box: Box) -> None:
    await box.put(CARD, REMINDER)
    gone, other = [asyncio.create_task(box.outbox.end(claim)) for claim in await box.claimed()]
    await asyncio.sleep(0)  # both are claimed
    gone.cancel()
    _, waiting = await asyncio.wait([other], timeout=10)
    assert not waiting
    assert await waiting_in(box.database) == []


async def test_what_is_said_in_a_room_waits_until_its_people_are_in_line(box: Box, database_url: str) -> None:
    """Otherwise people who have left the case would read it. Also after a kill."""
    await box.put(Notification(Kind.CASE_WAITS, "pause", case_id="case"))
    await box.put(CARD)
    assert (await box.one()).notification.kind is Kind.ROOM
    assert await box.claimed() == []
    async with opened(database_url, box.clock) as database:
        next_process = Box(database, box.clock)
        room = await next_process.one()
        assert (room.notification.kind, room.attempts) == (Kind.ROOM, 2)
        await next_process.outbox.end(room)
        assert (await next_process.one()).notification.kind is Kind.CASE_WAITS


@postgres_alone
async def test_the_databases_clock_tells_who_is_due(box: Box, database_url: str) -> None:
    """A worker whose own clock is an hour fast, without its knowledge, takes nothing early."""

    fast = WrongClock()
    fast.wrong = HOUR
    async with opened(database_url, fast) as database:
        skewed = Box(database, box.clock)
        await box.put(replace(CARD, due_at=box.clock.now() + MINUTE))
        assert await skewed.claimed() == []
        assert abs(database.outbox.database_clock_ahead + HOUR) < MINUTE
        await skewed.put(replace(CARD, subject="other"))
        await box.one()


async def test_when_the_next_row_is_due(box: Box) -> None:
    outbox, clock = box.outbox, box.clock

    def within(low: timedelta, found: timedelta | None, high: timedelta) -> None:
        assert found is not None
        assert low < found <= high

    assert await outbox.next_due_in() is None
    assert await outbox.oldest_due() is None
    await box.put(replace(CARD, due_at=clock.now() + MINUTE))
    within(timedelta(0), await outbox.next_due_in(), MINUTE)
    assert await outbox.oldest_due() is None

    clock.move(3 * MINUTE)
    within(-3 * MINUTE, await outbox.next_due_in(), -MINUTE)
    within(MINUTE, await outbox.oldest_due(), 3 * MINUTE)

    await box.put(replace(CARD, subject="later", due_at=clock.now() + 5 * MINUTE))
    claimed = await outbox.claim(10)
    (claim,) = claimed.rows
    assert (await outbox.claim(0)).due_in is None, "nobody asks where there is no room"
    for after_what_is_in_hand in (claimed.due_in, await outbox.next_due_in()):
        within(4 * MINUTE, after_what_is_in_hand, 5 * MINUTE)
    within(MINUTE, await outbox.oldest_due(), 3 * MINUTE)  # claimed, and not delivered yet
    await outbox.end(claim)
    assert await outbox.oldest_due() is None
    within(4 * MINUTE, (await outbox.claim(10)).due_in, 5 * MINUTE)


async def test_old_rows_and_receipts_are_forgotten(box: Box) -> None:
    outbox, clock = box.outbox, box.clock
    await box.put(CARD, REMINDER)
    for claim in await box.claimed():
        await (outbox.end(claim) if claim.notification.once else outbox.end(claim, "is_archived"))
    await box.put(replace(CARD, subject="waits", due_at=clock.now() + 60 * DAY))
    await box.database.once(["event"], lambda uow: None)

    assert await outbox.tidy() == (0, 0)
    clock.move(8 * DAY)
    assert await outbox.tidy() == (0, 1)
    clock.move(23 * DAY)
    assert await outbox.tidy() == (2, 0)
    assert await outbox.given_up() == {}
    assert len(await waiting_in(box.database)) == 1


@postgres_alone
async def test_documents_lie_in_order_once_nobody_reads(database: SqlDatabase, database_url: str) -> None:
    """The row order does not reveal what was changed last; a concurrent backup is no fault."""
    asked = [replace(GUIDANCE, id=id) for id in "abc"]
    await database.write(lambda uow: uow.add(*asked))
    await database.write(lambda uow: uow.change(asked[0], text="another"))

    def order() -> list[str]:
        return [row[0] for row in reader.execute("SELECT id FROM documents ORDER BY ctid")]

    with psycopg.connect(database_url) as reader:
        assert order() == ["b", "c", "a"]
        await database.outbox.tidy()
        reader.rollback()
        await database.outbox.tidy()
        assert order() == ["a", "b", "c"]


class WrongClock(SettableClock):
    """The machine's clock, off by `wrong`; nobody has moved it on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.wrong


async def test_put_back_while_nobody_looked(database_url: str) -> None:
    """As when the bot restarts, without an earlier time to compare."""
    wrong_clock = WrongClock()
    async with opened(database_url, wrong_clock) as first:
        box = Box(first, wrong_clock)
        wrong_clock.move(HOUR)
        await box.put(CARD, Notification(CARD.kind, "other", case_id="other"))
        await box.outbox.retry(await box.one(1), LANDS_WITHIN, counts=True)
    wrong_clock.move(-HOUR)
    async with opened(database_url, wrong_clock) as second:
        box = Box(second, wrong_clock)
        await box.outbox.start()
        await box.one()
        wrong_clock.move(LANDS_WITHIN)
        await box.one()


def test_a_steady_clock_follows_what_is_moved_on_purpose_alone() -> None:
    clock = WrongClock()
    steady = SteadyClock(clock)
    began = steady.now()
    clock.wrong = -HOUR
    assert began <= steady.now() < began + MINUTE
    clock.move(HOUR)
    assert began + HOUR <= steady.now() < began + HOUR + MINUTE

"""The outbox, sentence by sentence, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.notification_params import Occurrence
from bot.domain.notifications import Kind, Notification
from bot.usecases.lifecycle.closing import forget_case
from bot.usecases.ports import Posted
from tests.databases import open_database
from tests.storage.entities import OPEN
from tests.storage.notifications import CARD, DAY, HALF, HOUR, MINUTE, REMINDER, SECOND, Box
from tests.storage.test_crypto import close_case


async def test_an_intent_comes_back_whole(box: Box) -> None:
    notification = replace(REMINDER, due_at=box.clock.now() - SECOND, useful_until=box.clock.now() + DAY)
    await box.put(notification)
    claim = await box.one()
    assert claim.notification == notification
    assert claim.attempts == 1
    assert len(claim.op_id) == 32
    assert abs(claim.enqueued_at - box.clock.now()) < MINUTE


async def test_what_is_not_due_waits_and_without_a_due_time_it_is_due_at_once(box: Box) -> None:
    await box.put(replace(CARD, subject="later", due_at=box.clock.now() + DAY), CARD)
    claim = await box.one()
    assert claim.notification == replace(CARD, due_at=claim.enqueued_at)
    await box.outbox.done(claim)
    box.clock.move(DAY)
    assert (await box.one()).notification.subject == "later"


async def test_the_longest_due_come_first_and_no_more_than_the_limit(box: Box) -> None:
    for n in (3, 1, 4, 2):
        await box.put(replace(CARD, subject=str(n), due_at=box.clock.now() - n * MINUTE))
    assert [c.notification.subject for c in (await box.outbox.claim(3)).rows] == ["4", "3", "2"]
    assert [c.notification.subject for c in (await box.outbox.claim(3)).rows] == ["1"]


async def test_what_is_urgent_is_claimed_before_a_backlog(box: Box) -> None:
    for n in range(12):
        await box.put(replace(CARD, subject=str(n), due_at=box.clock.now() - HOUR))
    alert = Notification(Kind.INTRUDER, "case", case_id="case", recipient="lead", params=Occurrence("1"))
    await box.put(alert)
    kinds = [c.notification.kind for c in (await box.outbox.claim(8)).rows]
    assert kinds == [Kind.INTRUDER, *([Kind.ROOM] * 7)]


async def test_what_is_in_hand_is_nobody_elses_and_after_a_kill_is_due_at_once(
    box: Box, database_url: str
) -> None:
    await box.put(CARD)
    first = await box.one()
    assert await box.claimed() == []
    next_process = open_database(database_url, box.clock)
    (again,) = (await next_process.outbox.claim(10)).rows
    assert (again.id, again.op_id, again.attempts) == (first.id, first.op_id, 2), "it is read back first"
    await next_process.close()


@pytest.mark.parametrize("counts", [True, False])
async def test_an_uncertain_attempt_counts_and_a_certain_failure_gives_it_back(
    box: Box, counts: bool
) -> None:
    await box.put(CARD)
    await box.outbox.retry(await box.one(), 20 * SECOND, counts=counts)
    assert await box.claimed() == []
    box.clock.move(21 * SECOND)
    assert (await box.one()).attempts == 1 + counts


async def test_a_reminder_happens_once_for_its_key(box: Box) -> None:
    await box.put(REMINDER, REMINDER)
    await box.put(replace(REMINDER, due_at=box.clock.now() + DAY))
    claim = await box.one()
    await box.put(REMINDER)
    await box.outbox.done(claim)
    await box.put(REMINDER)
    box.clock.move(2 * DAY)
    assert await box.claimed() == []


async def test_a_reminder_that_is_dead_stays_dead_and_one_of_another_step_is_another(box: Box) -> None:
    await box.put(REMINDER, replace(REMINDER, params=replace(HALF, step="end")))
    first, second = await box.claimed()
    assert first.op_id != second.op_id
    await box.outbox.dead(first, "user_not_found")
    await box.put(first.notification)
    assert await box.claimed() == []


async def test_a_reminder_that_was_sent_can_be_made_current_as_a_document(box: Box) -> None:
    await box.put(REMINDER)
    sent = await box.one()
    assert sent.notification.once
    await box.outbox.done(sent)
    await box.put(replace(REMINDER, refreshes=True))
    again = await box.one()
    assert not again.notification.once
    assert again.op_id == sent.op_id
    await box.outbox.done(again)
    await box.put(REMINDER)
    assert await box.claimed() == []


@pytest.mark.parametrize("dead", [False, True])
async def test_a_document_that_has_ended_is_due_again_when_it_is_asked_for(box: Box, dead: bool) -> None:
    await box.put(CARD, CARD)
    await box.put(CARD)
    first = await box.one()
    await (box.outbox.dead(first, "is_archived") if dead else box.outbox.done(first))
    box.clock.move(DAY)
    assert await box.claimed() == []
    assert sum((await box.outbox.given_up()).values()) == dead
    await box.put(replace(CARD, due_at=box.clock.now() + MINUTE))
    assert await box.outbox.given_up() == {}
    assert await box.claimed() == []
    box.clock.move(2 * MINUTE)
    again = await box.one()
    assert (again.op_id, again.attempts) == (first.op_id, 1)


async def test_a_pending_document_comes_forward_and_never_goes_back(box: Box) -> None:
    await box.put(replace(CARD, due_at=box.clock.now() + DAY))
    await box.put(replace(CARD, due_at=box.clock.now() + MINUTE))
    await box.put(replace(CARD, due_at=box.clock.now() + 2 * DAY))
    box.clock.move(2 * MINUTE)
    assert (await box.one()).attempts == 1


@pytest.mark.parametrize("counts", [False, True])
async def test_a_document_that_waits_for_slack_does_not_come_forward(box: Box, counts: bool) -> None:
    await box.put(CARD)
    await box.outbox.retry(await box.one(), MINUTE, counts=counts)
    await box.put(CARD, replace(CARD, due_at=box.clock.now() - DAY))
    assert await box.claimed() == []
    box.clock.move(61 * SECOND)
    await box.one()


@pytest.mark.parametrize("dead", [False, True])
async def test_a_document_asked_for_during_its_delivery_is_delivered_once_more(box: Box, dead: bool) -> None:
    await box.put(CARD)
    first = await box.one()
    await box.put(CARD)
    await box.put(CARD)
    assert await box.claimed() == [], "it is under way already"

    await (box.outbox.dead(first, "is_archived") if dead else box.outbox.done(first))

    again = await box.one()
    assert (again.op_id, again.attempts) == (first.op_id, 1)
    assert again.generation > first.generation
    await box.outbox.done(again)
    assert await box.claimed() == []


async def test_of_what_is_erased_no_ledger_comes_back(box: Box) -> None:
    """What is left later of a case that is erased, by whoever had not seen that, is not wanted."""
    await box.database.write(lambda uow: uow.add(*OPEN))
    card = Notification(Kind.ROOM, "case", case_id="case")
    await box.put(card)
    held = await box.one()
    await box.database.write(close_case)
    await box.database.write(lambda uow: forget_case(uow, "case"))
    await box.put(card)
    await box.outbox.done(held)
    assert [u for u in await box.outbox.upcoming(5) if u.notification.case_id is not None] == []


async def test_cases_go_on_where_the_installations_ledger_does_not_open(box: Box) -> None:
    """Homes stand still until it is mended; it was read at every change of a case, and refused each."""
    home = Notification(Kind.HOME, "officer", recipient="officer")
    await box.put(home)
    flip = text("UPDATE ledgers SET version = version + 1 WHERE scope = 'installation'")
    await box.database._transactions.write(lambda connection: connection.execute(flip))
    await box.put(home, CARD)
    assert await box.database.read(lambda uow: uow.find(Posted, case_id=None, person_id="officer")) == []
    assert [claim.notification.kind for claim in (await box.outbox.claim(9)).rows] == [Kind.ROOM]
    assert await box.database.unreadable() == ["installation"]


async def test_what_is_said_in_a_room_waits_until_its_people_are_in_line(box: Box) -> None:
    """Else who is out of the case by now would read it."""
    await box.put(Notification(Kind.CASE_WAITS, "pause", case_id="case"))
    await box.put(CARD)
    room = await box.one()
    assert room.notification.kind is Kind.ROOM
    assert await box.claimed() == []
    await box.outbox.done(room)
    assert (await box.one()).notification.kind is Kind.CASE_WAITS


async def test_what_slack_has_refused_for_good_is_tried_again_only_where_that_is_asked_for(box: Box) -> None:
    """Not at every change of a case that still wants it."""
    await box.put(CARD)
    await box.outbox.dead(await box.one(), "is_archived")
    await box.put(replace(CARD, revives=False))
    assert await box.claimed() == []
    await box.put(CARD)
    await box.one()


async def test_the_people_of_a_room_come_first_after_a_kill_too(box: Box, database_url: str) -> None:
    await box.put(CARD, Notification(Kind.CASE_WAITS, "pause", case_id="case"))
    await box.one()
    next_process = open_database(database_url, box.clock)
    (again,) = (await next_process.outbox.claim(10)).rows
    assert (again.notification.kind, again.attempts) == (Kind.ROOM, 2)
    await next_process.close()

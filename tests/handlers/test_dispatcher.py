"""The dispatcher on a real outbox: what it does when a delivery outlives its lease."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.domain.directory import Language, Person
from bot.domain.intents import Intent, Kind
from bot.usecases.ports import Claim, UnitOfWork
from bot.usecases.show_anew import show_anew
from handlers.deliveries.dispatcher import Dispatcher
from storage.database import SqlDatabase
from storage.outbox import LEASE
from tests.databases import SettableClock

PERSON = Person("person", slack_id="U1", language=Language.NB)
HOME = Intent(Kind.HOME, PERSON.id, recipient=PERSON.id)


async def test_who_was_frozen_past_its_lease_does_not_have_the_last_word(
    database: SqlDatabase, clock: SettableClock
) -> None:
    """It had read the state before it froze, and shows it after another has shown a newer one."""
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

    async def gave_up(_intent: Intent, code: str) -> None:
        raise AssertionError(code)

    async def overrun(claim: Claim) -> None:
        await database.write(lambda uow: show_anew(uow, claim.intent))

    dispatcher = Dispatcher(database.outbox, clock, deliver, gave_up, overrun)
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(10):
        await frozen.wait()
        await database.write(_speaks_english)
        clock.move(LEASE + timedelta(seconds=1))
        dispatcher.wake()
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
    """What they have posted and not yet remembered would be taken for what was left."""
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

    async def gave_up(_intent: Intent, code: str) -> None:
        raise AssertionError(code)

    async def overrun(_claim: Claim) -> None:
        events.append("put right")

    dispatcher = Dispatcher(database.outbox, clock, deliver, gave_up, overrun)
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(10):
        await first_began.wait()
        clock.move(LEASE + timedelta(seconds=1))
        dispatcher.wake()
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

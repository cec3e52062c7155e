"""One writer at a time: after waiting, a writer finds the current state."""

from __future__ import annotations

import asyncio
import threading
import time

import psycopg

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.case.entities import Ask
from bot.domain.directory.entities import Person
from bot.domain.notifications import Kind
from bot.usecases.notifications import refresh
from bot.usecases.ports import Posted, UnitOfWork
from sandbox.cast import CAST
from tests.e2e import kit


async def test_two_first_messages_to_somebody_are_posted_at_once_and_stand_once(
    postgres_database_url: str,
) -> None:
    """As two processes post them; each records the person's channel."""
    async with rehearse(postgres_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner, database = rehearsal.runner, rehearsal.bot.database
        for _ in range(2):
            await kit.open_case(runner, "Politiet")
        await rehearsal.bot.dispatcher.stop()

        def as_if_new(uow: UnitOfWork) -> None:
            asked = uow.find(Posted, kind=Kind.ACKNOWLEDGEMENT)
            person = uow.get(Person, asked[0].person_id or "")
            assert person is not None
            uow.change(person, dm_channel=None)
            for posted in asked:
                uow.remove(posted)
                uow.enqueue(refresh(posted))

        await database.write(as_if_new)
        claims = (await database.outbox.claim(2)).rows
        posts = posted_to(rehearsal)
        with psycopg.connect(postgres_database_url.replace("+psycopg", "")) as other:
            other.execute("SELECT 1 FROM documents WHERE kind = 'directory' FOR UPDATE")
            both = [
                asyncio.ensure_future(rehearsal.bot.dispatcher._deliveries.deliver(claim)) for claim in claims
            ]
            workspace = runner.sandbox.workspace
            assert await workspace.changes.until(lambda: posted_to(rehearsal) == posts + 2, kit.IN_TIME)
        await asyncio.gather(*both)
        assert len(await database.read(lambda uow: uow.find(Posted, kind=Kind.ACKNOWLEDGEMENT))) == 2


async def test_an_answer_that_waited_for_its_case_meets_the_question_as_it_is_by_then(
    postgres_database_url: str,
) -> None:
    """A colleague's answer withdraws it while this one waits."""
    withdrawing = threading.Event()

    def withdraw(uow: UnitOfWork) -> None:
        person = uow.person_by_slack(CAST["politi-exit"])
        assert person is not None
        (ask,) = uow.find(Ask, person_id=person.id)
        withdrawing.set()
        somebody_waits(rehearsal)
        uow.change(ask, withdrawn_at=uow.now)

    async with rehearse(postgres_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner, database = rehearsal.runner, rehearsal.bot.database
        await kit.open_case(runner, "Politiet")
        await kit.confirm(runner, "politi-exit")
        police = runner.person("politi-exit")
        async with asyncio.timeout(kit.IN_TIME):
            first = asyncio.ensure_future(database.write(withdraw))
            await asyncio.to_thread(withdrawing.wait)
            await asyncio.gather(first, police.presses("Jeg kommer", in_="tot-bot"))
        await runner.until_idle()
        (ask,) = await database.read(lambda uow: uow.find(Ask))
        assert ask.answer is None
        assert "Dette gjelder ikke lenger" in police.whispers()[-1].text


def posted_to(rehearsal: Rehearsal) -> int:
    return sum(call.method == "chat.postMessage" for call in rehearsal.runner.sandbox.workspace.calls)


def somebody_waits(rehearsal: Rehearsal) -> None:
    """Wait until another transaction is queued to write after this one."""
    until = time.monotonic() + kit.IN_TIME
    while not rehearsal.bot.database._transactions._writes._waiting.qsize():
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.01)

"""What a reading connection remembers is never older than the last commit, whoever made it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from functools import partial

import pytest
from sqlalchemy import event

from bot.domain.case_file import CaseFile
from bot.domain.directory import Contact, Language, Person
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase, open_database
from tests.databases import SettableClock
from tests.storage.entities import CASE, OFFICER, OFFICER_OF_POLICE, OPEN


def _set(uow: UnitOfWork, person: Person, language: Language) -> None:
    uow.change(person, language=language)


async def _language(database: SqlDatabase) -> object:
    person = await database.read(lambda uow: uow.person_by_slack("U2"))
    assert person is not None
    return person.language


async def test_a_change_is_seen_at_once_also_one_of_another_process(
    database: SqlDatabase, database_url: str, clock: SettableClock
) -> None:
    await database.write(lambda uow: uow.add(*OPEN))
    other = open_database(database_url, clock)
    for round_ in range(3):
        for writer in (database, other):
            stored = await database.read(lambda uow: uow.get(Person, OFFICER.id))
            assert stored is not None
            changed = Language.EN if round_ % 2 else Language.NN
            await writer.write(partial(_set, person=stored, language=changed))
            for reader in (database, other, database):
                assert await _language(reader) == changed
    await other.close()


async def test_what_one_reader_does_with_a_list_is_not_seen_by_the_next(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*OPEN))
    (await database.read(lambda uow: uow.find(Contact, retired=False))).clear()
    found = await database.read(lambda uow: uow.find(Contact, retired=False))
    assert OFFICER_OF_POLICE.id in {contact.id for contact in found}


async def test_the_same_question_is_asked_once_between_two_commits(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*OPEN))
    if database._transactions.postgresql:
        pytest.skip("PostgreSQL tells no reader of commits, so nothing is remembered")
    asked: list[str] = []
    event.listen(
        database._transactions._reader,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: asked.append(statement),
    )
    for _ in range(2 * 3 + 1):  # more often than there are connections
        await database.read(lambda uow: uow.teams())
    assert sum("FROM teams" in statement for statement in asked) <= 3


async def test_a_case_is_read_once_by_those_who_share_a_transaction(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*OPEN))
    seen: list[CaseFile | None] = []
    engine = database._transactions._reader
    begun: list[object] = []
    event.listen(engine, "begin", begun.append)
    looks = (database.read(lambda uow: seen.append(uow.case_file(CASE.id))) for _ in range(24))
    await asyncio.gather(*looks)
    # On SQLite they share transactions, fewer than there are looks; on PostgreSQL each has its own.
    assert len({id(file) for file in seen}) <= len(begun)
    assert (len(begun) < len(seen)) is not database._transactions.postgresql
    before = seen[0]
    assert before is not None
    await database.write(lambda uow: uow.change(before.case, persons=9))
    after = await database.read(lambda uow: uow.case_file(CASE.id))
    assert after is not None
    assert after.case.persons == 9


async def test_of_a_case_nothing_stays_in_memory_after_the_transaction(
    sqlite_database_url: str, clock: SettableClock
) -> None:
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))
    file = weakref.ref(await database.read(lambda uow: uow.case_file(CASE.id)))
    async with asyncio.timeout(5):
        while file() is not None:  # the thread that read it tells nobody when it lets go
            await asyncio.sleep(0.01)
            gc.collect()
    await database.close()

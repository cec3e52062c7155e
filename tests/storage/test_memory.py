"""What is remembered is never older than the last commit, whoever made it."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
import weakref
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from bot.domain.case import Case
from bot.domain.case_file import CaseFile
from bot.domain.directory import Contact, Language, Person
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase, open_database
from tests.databases import SettableClock
from tests.storage.entities import CASE, OFFICER, OFFICER_OF_POLICE, OPEN


def _set(uow: UnitOfWork, person: Person, language: Language) -> None:
    uow.change(person, language=language)


def _case(uow: UnitOfWork) -> Case:
    case = uow.get(Case, CASE.id)
    assert case is not None
    return case


def _count(uow: UnitOfWork, persons: int) -> None:
    uow.change(_case(uow), persons=persons)


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


def _listen(database: SqlDatabase) -> list[str]:
    asked: list[str] = []
    for engine in {database._transactions._reader, database._transactions.writer}:
        event.listen(
            engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement)
        )
    return asked


def _of_the_directory(asked: list[str]) -> list[str]:
    tables = ("teams", "coordinators", "agencies", "contacts", "persons")
    return [statement for statement in asked if any(f"FROM {table}" in statement for table in tables)]


def _whole(uow: UnitOfWork) -> tuple[object, ...]:
    file = uow.case_file(CASE.id)
    assert file is not None
    return file.agencies, file.contacts, file.coordinators, file.persons, uow.person_by_slack("U2")


async def test_the_directory_is_asked_for_once_until_it_changes(database: SqlDatabase) -> None:
    """By those who read and those who write, whatever else is committed meanwhile."""
    await database.write(lambda uow: uow.add(*OPEN))
    before = await database.read(_whole)
    asked = _listen(database)
    for persons in range(5, 10):
        await database.write(partial(_count, persons=persons))
        assert await database.read(_whole) == before
        assert await database.write(_whole) == before
    found = _of_the_directory(asked)
    assert bool(found) is database._transactions.postgresql


async def test_what_is_changed_with_another_tool_is_noticed_at_the_next_write(
    sqlite_database_url: str, clock: SettableClock
) -> None:
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))
    assert await _language(database) == OFFICER.language
    with sqlite3.connect(sqlite_database_url.removeprefix("sqlite:///")) as tool:
        tool.execute("UPDATE persons SET language = 'en'")
    tool.close()
    await database.write(partial(_count, persons=5))
    assert await _language(database) == Language.EN
    await database.close()


async def test_what_is_rolled_back_is_nowhere_remembered(database: SqlDatabase) -> None:
    """Alone, and where others share the transaction."""
    await database.write(lambda uow: uow.add(*OPEN))

    def fails(uow: UnitOfWork) -> None:
        person = uow.get(Person, OFFICER.id)
        assert person is not None
        uow.change(person, language=Language.EN)
        assert uow.case_file(CASE.id).persons[OFFICER.id].language is Language.EN  # type: ignore[union-attr]
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fails)
    assert await _language(database) == OFFICER.language

    async def failing() -> None:
        with pytest.raises(LookupError):
            await database.write(fails)

    async def looking() -> None:
        seen = await database.write(lambda uow: uow.case_file(CASE.id))
        assert seen is not None
        assert seen.persons[OFFICER.id].language == OFFICER.language

    await asyncio.gather(*(work() for _ in range(8) for work in (failing, looking)))
    assert await _language(database) == OFFICER.language


async def test_the_transaction_that_changes_the_directory_and_those_in_it_see_the_change(
    database: SqlDatabase,
) -> None:
    await database.write(lambda uow: uow.add(*OPEN))
    await database.read(_whole)

    def change(uow: UnitOfWork, language: Language) -> None:
        before = uow.case_file(CASE.id)
        assert before is not None
        uow.change(before.persons[OFFICER.id], language=language)
        after = uow.case_file(CASE.id)
        assert after is not None
        assert after.persons[OFFICER.id].language is language
        assert uow.person_by_slack("U2") == after.persons[OFFICER.id]
        assert uow.get(Person, OFFICER.id) == after.persons[OFFICER.id]

    turns = [Language.EN, Language.NN] * 8
    await asyncio.gather(*(database.write(partial(change, language=language)) for language in turns))
    assert await _language(database) in (Language.EN, Language.NN)


async def test_a_reader_that_began_before_a_change_leaves_nothing_old_behind(
    sqlite_database_url: str, clock: SettableClock
) -> None:
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))
    begun, changed = threading.Event(), threading.Event()

    def slowly(uow: UnitOfWork) -> object:
        uow.teams()
        begun.set()
        assert changed.wait(10)
        return uow.person_by_slack("U2")

    slow = asyncio.create_task(database.read(slowly))
    await asyncio.to_thread(begun.wait, 10)
    stored = await database.read(lambda uow: uow.get(Person, OFFICER.id))
    assert stored is not None
    await database.write(partial(_set, person=stored, language=Language.EN))
    assert await _language(database) == Language.EN
    changed.set()
    assert await slow == stored  # its own state of the database, as it began
    assert await _language(database) == Language.EN
    await database.close()


async def test_a_thousand_questions_are_not_kept_for_ever(
    sqlite_database_url: str, clock: SettableClock
) -> None:
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))

    def ask(uow: UnitOfWork) -> None:
        for number in range(1500):
            assert uow.person_by_slack(f"U{number}X{uow.now}") is None

    for _ in range(3):
        await database.read(ask)
        clock.move(timedelta(seconds=1))
    assert len(database._remembered.at(database._remembered._latest[0])) < 3 * 1500
    await database.close()


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
    for look in (database.read, database.write):
        file = weakref.ref(await look(lambda uow: uow.case_file(CASE.id)))
        async with asyncio.timeout(5):
            while file() is not None:  # the thread that read it tells nobody when it lets go
                await asyncio.sleep(0.01)
                gc.collect()
    await database.close()

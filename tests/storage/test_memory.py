"""What is remembered is never older than the last commit, whoever made it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, event

from bot.domain.case.entities import Case, Room
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Person
from bot.domain.language import Language
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase, open_database
from storage.erasing import forget_erased
from storage.memory import LONGEST, Remembered
from storage.vault.keys import case_scope
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


def test_an_older_state_and_one_that_is_doubted_share_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("storage.memory.time.monotonic", lambda: now)
    remembered = Remembered()
    latest = remembered.at(5)
    assert remembered.at(5) is latest
    assert remembered.at(4) is not latest
    assert remembered.at(5) is latest
    latest["asked"] = "answer"
    remembered.forget()
    for _ in range(2):
        remembered.at(5)["asked"] = "by one who had begun before"
        assert remembered.at(5) == {}
    now += LONGEST + 1
    assert remembered.at(5) == {}
    assert remembered.at(5) is remembered.at(5) is not latest


async def test_of_whom_the_directory_does_not_know_nothing_is_kept(
    sqlite_database_url: str, clock: SettableClock
) -> None:
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))
    for look in (database.read, database.write):
        assert await look(lambda uow: uow.person_by_slack("UNKNOWN")) is None
        assert await look(lambda uow: uow.get(Person, "unknown")) is None
    _, kept = database._remembered._latest
    assert "unknown" not in repr(kept).lower()
    await database.close()


async def test_what_is_erased_past_the_memory_is_not_read_from_it(
    database: SqlDatabase, clock: SettableClock
) -> None:
    await database.write(lambda uow: uow.add(*OPEN))
    await asyncio.to_thread(database.vault.destroy, case_scope(CASE.id))

    def erase(connection: Connection) -> tuple[object, object]:
        uow = database._unit_of_work(connection)
        before = uow.get(Case, CASE.id)
        forget_erased(connection, database.vault, clock.now())
        after = database._unit_of_work(connection).get(Case, CASE.id)
        assert before is not None
        assert after is not None
        return before.purged_at, after.purged_at

    before, after = await database._transactions.write(erase)
    assert before is None
    assert after is not None


async def test_a_thousand_questions_are_not_kept_for_ever(
    sqlite_database_url: str, clock: SettableClock
) -> None:
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))

    def ask(uow: UnitOfWork) -> None:
        for number in range(1500):
            assert uow.find(Contact, agency_id=f"{number} at {uow.now}") == []

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


def _of_cases() -> set[int]:
    return {id(each) for each in gc.get_objects() if isinstance(each, Case | Room | CaseFile)}


async def test_of_a_case_nothing_stays_in_memory_after_the_transaction(
    sqlite_database_url: str, clock: SettableClock
) -> None:
    """At once, not when garbage is looked for: an idle bot makes none."""
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))
    seen: list[int] = []

    def read(uow: UnitOfWork) -> None:
        seen.append(id(uow.case_file(CASE.id)))
        assert id(uow.get(Case, CASE.id)) in _of_cases()

    def fails(uow: UnitOfWork) -> None:
        read(uow)
        case = uow.get(Case, CASE.id)
        raise LookupError(f"with {type(case)} in this frame")

    async def failing(look: Callable[[Callable[[UnitOfWork], None]], Awaitable[None]]) -> None:
        with contextlib.suppress(LookupError):
            await look(fails)

    gc.collect()
    before = _of_cases()
    gc.disable()
    try:
        for look in (database.read, database.write):
            await look(read)
            await asyncio.gather(look(read), failing(look), look(read), failing(look), look(read))
            await failing(look)
        async with asyncio.timeout(5):
            while _of_cases() - before:  # noqa: ASYNC110 - a thread tells nobody when it lets go
                await asyncio.sleep(0.01)
    finally:
        gc.enable()
    assert len(seen) == 2 * 7
    await database.close()

"""Whoever looked before something changed learns of it; PostgreSQL, with its many writers, tells nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase, open_database
from tests.databases import SettableClock
from tests.storage.entities import DRAFT, LEADER, OPEN, POSTED


def speak(language: Language) -> Callable[[UnitOfWork], object]:
    """A change."""

    def work(uow: UnitOfWork) -> object:
        person = uow.get(Person, LEADER.id)
        assert person is not None
        return uow.change(person, language=language)

    return work


def remember(uow: UnitOfWork) -> None:
    """What a delivery writes at its end."""
    uow.remove(POSTED)
    uow.add(POSTED)
    uow.remove(DRAFT)


@pytest.fixture
async def filled(sqlite_database_url: str, clock: SettableClock) -> Any:
    """A database with a case."""
    database = open_database(sqlite_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))
    yield database
    await database.close()


async def test_what_a_delivery_remembers_is_no_change(filled: SqlDatabase) -> None:
    before = filled.changes
    await filled.read(lambda uow: uow.find(Person))
    await filled.outbox.claim(8)
    await filled.write(remember)
    assert filled.changes == before


async def test_a_change_here(filled: SqlDatabase) -> None:
    before = filled.changes
    await filled.write(speak(Language.NN))
    assert filled.changes != before


async def test_something_asked_for_here(filled: SqlDatabase) -> None:
    before = filled.changes
    await filled.write(lambda uow: uow.enqueue(Notification(Kind.HOME, LEADER.id)))
    assert filled.changes != before


async def test_a_change_in_another_process(
    filled: SqlDatabase, sqlite_database_url: str, clock: SettableClock
) -> None:
    await filled.write(remember)
    other = open_database(sqlite_database_url, clock)
    before = filled.changes
    await other.write(speak(Language.NN))
    await filled.write(remember)
    assert filled.changes != before
    before = filled.changes
    await filled.write(remember)
    assert filled.changes == before
    await other.close()


async def test_a_change_that_is_about_to_be_committed(filled: SqlDatabase) -> None:
    """It has been made and cannot be seen yet: who looks now has to look again."""
    about_to, go_on = threading.Event(), threading.Event()

    def commit(_: object) -> None:
        about_to.set()
        assert go_on.wait(10)

    event.listen(filled._transactions.writer, "commit", commit)
    changing = asyncio.create_task(filled.write(speak(Language.NN)))
    assert await asyncio.to_thread(about_to.wait, 10)
    before = filled.changes
    seen = await filled.read(lambda uow: uow.get(Person, LEADER.id))
    assert seen == LEADER
    go_on.set()
    await changing
    event.remove(filled._transactions.writer, "commit", commit)
    await filled.write(remember)
    assert filled.changes != before


async def test_none_on_postgresql(postgres_database_url: str, clock: SettableClock) -> None:
    database = open_database(postgres_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN))
    assert database.changes is None
    await database.close()

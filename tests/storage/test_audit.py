"""The audit log: nothing is left out, nothing can be removed, and it outlives the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.domain.access import Action, Right
from bot.domain.audit import BOT, OPERATOR, AuditEntry, Event
from bot.domain.directory.entities import Person
from bot.usecases.ports import UnitOfWork
from storage import audit
from storage.crypto.keyring import audit_scope
from storage.database import SqlDatabase
from tests.databases import SettableClock
from tests.storage import entities as some

ENTRY = AuditEntry(Action.INVITE_AGENCY, "leader", "case", Right.CASE_COORDINATOR, "person-kanari")


def log_a_person(entries: tuple[AuditEntry, ...], uow: UnitOfWork) -> None:
    uow.add(Person(uow.ids.new()))
    uow.audit(*entries)


async def log(database: SqlDatabase, *entries: AuditEntry) -> None:
    """Log each entry in a transaction that changes something."""
    for entry in entries:
        await database.write(partial(log_a_person, (entry,)))


@pytest.fixture
async def logged(filled: SqlDatabase) -> SqlDatabase:
    await log(filled, *[ENTRY] * 9)
    assert await filled.log.verify() == (9, None)
    return filled


async def test_a_person_is_found_however_often_they_are_logged(database: SqlDatabase) -> None:
    """Across cases and months, as actor and as subject; only the newest, or only what they did."""
    other = replace(ENTRY, actor="officer", subject="leader", case_id="another")
    for times in (1, 14, 700):
        entries = [*[ENTRY] * times, other, AuditEntry(Event.EXPORTED, OPERATOR)]
        await database._transactions.write(partial(_append, database, entries))
    newest = [e.number for e in await database.log.of_person("leader", 20)]
    assert newest == [720, *range(719, 700, -1)]
    assert [e.number for e in await database.log.of_person("leader", 2, acts=True)] == [719, 718]
    assert {e.actor for e in await database.log.of_person("officer")} == {"officer"}
    assert await database.log.verify() == (721, None)


def _append(database: SqlDatabase, entries: list[AuditEntry], connection: Connection) -> None:
    audit.append(connection, database.keyring, some.T0, entries)


async def test_what_is_only_shown_is_served(filled: SqlDatabase) -> None:
    await filled.write(lambda uow: uow.audit(ENTRY))
    await filled.read(lambda uow: uow.audit(ENTRY, ENTRY))
    draft = replace(some.DRAFT, id="d9")

    def review(uow: UnitOfWork) -> None:
        uow.audit(ENTRY)
        uow.add(draft)

    await filled.write(review)
    events = [e.event for e in await filled.log.of_person("leader")]
    assert events == ["served"] * 3


async def test_its_time_ends_by_key_and_the_chain_holds(logged: SqlDatabase, clock: SettableClock) -> None:
    await log(logged, AuditEntry(Action.KEEP_COORDINATORS, "leader", None, Right.TEAM_COORDINATOR))
    case = await logged.read(lambda uow: uow.find(type(some.CASE)))
    kept = timedelta(days=100)
    assert await logged.log.expire(clock.now(), kept) == 0
    await logged.write(lambda uow: uow.audit(AuditEntry(Event.PURGED, BOT, case[0].id)))
    clock.move(timedelta(days=140))
    assert await logged.log.expire(clock.now(), kept) == 2
    assert await logged.log.of_person("leader") == []
    assert await logged.log.verify() == (11, None)
    assert audit_scope("case") not in {r.scope for r in logged.keyring.keystore.all() if r.wrapped}
    await log(logged, AuditEntry(Action.KEEP_COORDINATORS, "leader"))
    assert len(await logged.log.of_person("leader")) == 1

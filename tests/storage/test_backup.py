"""Backups: one consistent state despite a writer, sealed; a restored one does not repeat later posts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.audit import BOT, OPERATOR, AuditEntry, Event
from bot.domain.case.entities import Case, Meeting, Room, Seat
from bot.domain.directory.entities import Person
from bot.domain.errors import TotError
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import Draft, UnitOfWork
from storage.database import SqlDatabase
from storage.schema.documents import documents
from tests.databases import PostgresServer, SettableClock, ignore_standby, keystore_at, opened, put_back
from tests.ledgers import waiting_in
from tests.storage import entities as some
from tests.storage.conftest import must_fail
from tests.storage.test_crypto import CANARIES, PERSON, erase_case, fill


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night.backup"


@pytest.fixture
async def filled(database: SqlDatabase) -> SqlDatabase:
    await fill(database)
    return database


@asynccontextmanager
async def restored(
    database: SqlDatabase, url: str, path: Path, clock: SettableClock
) -> AsyncIterator[SqlDatabase]:
    """Replace the database, which is open until then, by the backup, and open it again."""
    await database.close()
    await asyncio.to_thread(put_back, url, path)
    async with opened(url, clock) as again:
        yield again


async def test_it_comes_back_whole_and_cannot_be_read(
    filled: SqlDatabase, database_url: str, path: Path, clock: SettableClock
) -> None:
    await filled.write(lambda uow: uow.audit(AuditEntry(Event.EXPORTED, OPERATOR, "case")))
    await filled.back_up(path)
    data = path.read_bytes()  # noqa: ASYNC240
    assert len(data) > 50_000
    assert [c for c in CANARIES if c.encode() in data] == []
    assert b"k7f3" not in data, "not even what is clear in the database"
    assert path.stat().st_mode & 0o077 == 0  # noqa: ASYNC240
    await must_fail(FileExistsError, filled.back_up(path))

    async with restored(filled, database_url, path, clock) as again:
        await again.check_schema()
        assert await again.read(lambda uow: uow.find(Draft)) == [], "a form would outlive its case's key"
        assert await again.read(lambda uow: uow.person_by_slack("U0CANARY1")) == PERSON
        assert await again.log.verify() == (1, None)
        await again.write(lambda uow: uow.enqueue(Notification(Kind.HOME, "leader", recipient="leader")))
        assert len(await waiting_in(again)) == 3


async def test_it_is_one_state_while_others_write(
    filled: SqlDatabase, database_url: str, path: Path, clock: SettableClock
) -> None:
    stop, begun = asyncio.Event(), asyncio.Event()

    async def write_pairs() -> None:
        number = 0
        while not stop.is_set():
            pair = (Person(f"a{number}"), Person(f"b{number}"))
            await filled.write(lambda uow, pair=pair: uow.add(*pair))  # type: ignore[misc]
            number += 1
            if number > 2:
                begun.set()

    writing = asyncio.create_task(write_pairs())
    await begun.wait()
    await filled.back_up(path)
    stop.set()
    await writing
    async with restored(filled, database_url, path, clock) as again:
        ids = {p.id for p in await again.read(lambda uow: uow.find(Person))}
    assert {i[1:] for i in ids if i.startswith("a")} == {i[1:] for i in ids if i[0] == "b"}


async def test_an_erased_case_stays_erased_and_the_others_come_back(
    filled: SqlDatabase, database_url: str, path: Path, clock: SettableClock
) -> None:
    other = replace(some.CASE, id="other", code="mmmm", closed_at=None, delete_on=None, purged_at=None)
    meeting = replace(some.MEETING, id="m3", case_id="other", note="still here")
    await filled.write(lambda uow: uow.add(other, Room("r2", "other"), meeting))
    await filled.back_up(path)
    await erase_case(filled)

    def look(uow: UnitOfWork) -> tuple[object, ...]:
        (kept,) = uow.find(Meeting, id="m3")
        return uow.find(Seat), uow.get(Meeting, "m2"), uow.find(Case, id="case"), kept.note

    async with restored(filled, database_url, path, clock) as again:
        for _ in range(2):
            assert await again.read(look) == ([], None, [], "still here")
            await again.finish_erasing()


async def test_a_date_alone_has_no_key_destroyed(database: SqlDatabase) -> None:
    """Somebody who can write to the database, but has no key, must not make the bot destroy one."""
    outside = (some.GUIDANCE, some.CONVENING, some.JOINT)

    def with_key() -> set[str]:
        return {row.scope for row in database.keyring.keystore.all() if row.wrapped is not None} & items

    items = {each.item for each in outside}
    await database.write(lambda uow: uow.add(some.TEAM, some.HEALTH, *outside))
    # Their rows say that they are erased; the log does not.
    await database._transactions.write(lambda c: c.execute(update(documents).values(erased=True)))
    await database.finish_erasing()
    assert await asyncio.to_thread(with_key) == items
    await database.write(lambda uow: uow.audit(AuditEntry(Event.PURGED, BOT, some.JOINT.item)))
    await database.finish_erasing()
    assert await asyncio.to_thread(with_key) == items - {some.JOINT.item}


async def test_what_is_in_use_is_not_replaced(filled: SqlDatabase, database_url: str, path: Path) -> None:
    await filled.hold(ignore_standby)
    await filled.back_up(path)
    with pytest.raises(TotError, match=r"a running bot.* uses .*stop it first"):
        await asyncio.to_thread(put_back, database_url, path)
    assert await filled.read(lambda uow: uow.person_by_slack("U0CANARY1")) == PERSON
    await filled.close()
    await asyncio.to_thread(put_back, database_url, path)


async def test_it_goes_to_the_other_kind_of_database(
    filled: SqlDatabase,
    database_url: str,
    path: Path,
    tmp_path: Path,
    postgres: PostgresServer,
    clock: SettableClock,
) -> None:
    await filled.write(lambda uow: uow.audit(AuditEntry(Event.EXPORTED, OPERATOR, "case")))
    await filled.back_up(path)
    with postgres.clone() as server:
        other = server if database_url.startswith("sqlite") else f"sqlite:///{tmp_path}/other.db"
        keys = keystore_at(other).file
        assert keys is not None
        await asyncio.to_thread(filled.keyring.keystore.copy_to, keys)
        await asyncio.to_thread(put_back, other, path)
        async with opened(other, clock) as moved:
            await moved.check_schema()
            assert await moved.log.verify() == (1, None)
            assert await moved.read(lambda uow: uow.person_by_slack("U0CANARY1")) == PERSON


async def test_a_damaged_one_is_refused_and_nothing_is_lost(
    filled: SqlDatabase, database_url: str, path: Path, clock: SettableClock
) -> None:
    await filled.back_up(path)
    await filled.close()
    data = path.read_bytes()  # noqa: ASYNC240
    for name, broken in {
        "cut": data[:-100],
        "changed": data[:-50] + bytes(50),
        "another time": data.replace(b'"made_at": "20', b'"made_at": "21', 1),
        "another revision": data.replace(b'"revision"', b'"revisiom"', 1),
        "no content": b"".join(data.splitlines(keepends=True)[:2]),
        "nothing": b"",
    }.items():
        path.with_name(name).write_bytes(broken)
        why = "not a backup|is damaged, or another installation made it|does not know the backup's revision"
        with pytest.raises(TotError, match=why):
            await asyncio.to_thread(put_back, database_url, path.with_name(name))
    async with opened(database_url, clock) as again:
        assert await again.read(lambda uow: uow.person_by_slack("U0CANARY1")) == PERSON

"""Backups: one consistent state despite a writer, sealed; a restored one does not repeat later posts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, update

from bot.domain.audit import BOT, OPERATOR, AuditEntry, Event
from bot.domain.case.entities import Case, Meeting, Room, Seat
from bot.domain.directory.entities import Person
from bot.domain.errors import TotError
from bot.domain.notifications import Kind, Notification
from bot.usecases.ports import UnitOfWork
from storage.backup import CannotRestore
from storage.backup_format import BLOCK, BackupBroken, SealedWriter, read_blocks
from storage.crypto.keyring import BACKUP, FIXED
from storage.database import SqlDatabase
from storage.schema.documents import DRAFT, documents
from tests.databases import PostgresServer, SettableClock, ignore_standby, keystore_at, opened, put_back
from tests.storage import entities as some
from tests.storage.conftest import must_fail
from tests.storage.test_crypto import CANARIES, PERSON, erase_case, fill

LATER = timedelta(minutes=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night.backup"


@pytest.fixture
async def filled(database: SqlDatabase) -> SqlDatabase:
    await fill(database)
    return database


@asynccontextmanager
async def restored(
    database: SqlDatabase, url: str, path: Path, clock: SettableClock, *, over_newer: bool = True
) -> AsyncIterator[SqlDatabase]:
    """Replace the database, which is open until then, by the backup, and open it again."""
    await database.close()
    await asyncio.to_thread(put_back, url, path, over_newer=over_newer)
    async with opened(url, clock) as again:
        yield again


put_back_carefully = partial(put_back, over_newer=False)


async def test_it_comes_back_whole_and_cannot_be_read(
    filled: SqlDatabase, database_url: str, path: Path, clock: SettableClock
) -> None:
    exported = AuditEntry(Event.EXPORTED, OPERATOR, "case", what=os.urandom(BLOCK).hex())
    await filled.write(lambda uow: uow.audit(exported))
    await filled.back_up(path)
    data = path.read_bytes()  # noqa: ASYNC240
    assert len(data) > BLOCK
    assert [c for c in CANARIES if c.encode() in data] == []
    assert b"k7f3" not in data, "not even what is clear in the database"
    assert path.stat().st_mode & 0o077 == 0  # noqa: ASYNC240
    await must_fail(FileExistsError, filled.back_up(path))

    clock.move(LATER)
    async with restored(filled, database_url, path, clock, over_newer=False) as again:
        await again.check_schema()
        assert await again.read(lambda uow: uow.person_by_slack("U0CANARY1")) == PERSON
        assert await again.log.verify() == (1, None)
        await again.write(lambda uow: uow.enqueue(Notification(Kind.HOME, "leader", recipient="leader")))
        assert len(await again.outbox.upcoming(9)) == 3


async def test_no_form_that_waited_is_in_it_nor_where_one_was(filled: SqlDatabase, path: Path) -> None:
    draft = select(documents.c.sealed).where(documents.c.kind == DRAFT)
    sealed = await filled._transactions.read(lambda connection: connection.scalar(draft))
    await filled.back_up(path)
    keys = filled.keyring.keys(BACKUP, FIXED)
    assert keys is not None
    with path.open("rb") as file:
        content = b"".join(read_blocks(file, keys.aead))
    assert sealed
    assert sealed not in content


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
        await asyncio.to_thread(put_back_carefully, database_url, path)
    assert await filled.read(lambda uow: uow.person_by_slack("U0CANARY1")) == PERSON
    await filled.close()
    await asyncio.to_thread(put_back_carefully, database_url, path)


async def test_what_a_killed_process_left_is_removed(filled: SqlDatabase, path: Path, tmp_path: Path) -> None:
    left = [tmp_path / f".{path.name}.1.part", tmp_path / f".{path.name}.2.part"]
    for each in left:
        each.write_bytes(b"half")
    os.utime(left[0], (0, 0))
    await filled.back_up(path)
    assert [each.exists() for each in left] == [False, True]


def test_of_several_blocks_none_can_be_taken_away_or_moved() -> None:
    aead, file, content = AESGCM(bytes(32)), BytesIO(), os.urandom(2 * BLOCK + 100)
    writer = SealedWriter(file, aead, {})
    writer.write(content)
    writer.end()
    data = file.getvalue()
    assert b"".join(read_blocks(file, aead)) == content
    sealed = 4 + BLOCK + 16
    begins = len(data) - 2 * sealed - (4 + 100 + 16)
    head, blocks = data[:begins], [data[begins:][n * sealed : (n + 1) * sealed] for n in range(3)]
    for broken in ([], blocks[:1], blocks[:2], blocks[1:], [blocks[1], blocks[0], blocks[2]]):
        with pytest.raises(BackupBroken):
            list(read_blocks(BytesIO(b"".join([head, *broken])), aead))


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
        "another header": data.replace(b'"revision"', b'"revisiom"', 1).replace(
            b'"made_at"', b'"mada_at"', 1
        ),
        "nothing": b"",
    }.items():
        path.with_name(name).write_bytes(broken)
        with pytest.raises((BackupBroken, CannotRestore)):
            await asyncio.to_thread(put_back_carefully, database_url, path.with_name(name))
    async with opened(database_url, clock) as again:
        assert await again.read(lambda uow: uow.person_by_slack("U0CANARY1")) == PERSON

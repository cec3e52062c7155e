"""Keys: sealed or erased content cannot be read, also in last night's dump; and keys can be changed."""

from __future__ import annotations

import asyncio
import resource
import secrets
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.domain.case.entities import Case, Seat
from bot.domain.directory.entities import Person
from bot.domain.notifications import Kind, Notification, Occurrence
from bot.usecases.lifecycle import forget_case
from bot.usecases.ports import Draft, Posted, UnitOfWork
from storage.backup import restore
from storage.crypto.keyring import Keyring
from storage.crypto.keystore import Keystore, Wrapped, keys, keystore_url
from storage.crypto.master_key import KeysInDatabase, WrongSecretKey, new_secret, read_secret
from storage.database import SqlDatabase
from storage.schema.documents import documents
from storage.unit_of_work import STORED
from tests.databases import SECRET_KEY, SettableClock, keystore_at, open_database, opened, sqlite_url
from tests.e2e.at_rest import all_named, dumped
from tests.ledgers import waiting_in
from tests.storage import entities as some
from tests.storage.conftest import must_fail
from tests.storage.entities import OPEN, POSTED, T0

#: Content that must not be found: Slack's ids, mail addresses, typed text, who is in the case.
SLACK_ID, CHANNEL, TS, FILE = "U0CANARY1", "C0CANARY2", "1764000000.123456", "F0CANARY3"
MAIL = "kanari@tot.example"
TYPED = ("kanarinote", "https://kanari.example/room", "Kanarisalen")
MAILED = ("kanari-uid", "kanari-token")
SEALED = (*MAILED, "kanari-draft", "person-kanari:", "actor-kanari")
CANARIES = (SLACK_ID, CHANNEL, TS, FILE, MAIL, *TYPED, *SEALED)
PERSON = Person("person-kanari", SLACK_ID, MAIL, dm_channel=f"D{CHANNEL}")
SECRET = (
    PERSON,
    replace(some.MEETING, id="m2", note=TYPED[0], link=TYPED[1], place=TYPED[2]),
    Seat("s2", "case", PERSON.id, some.SEAT.role, T0, "inv1", "m2"),
    Posted(
        *("p2", f"summons:ask:{PERSON.id}", Kind.SUMMONS, "ask", "op2", CHANNEL, TS, "d", T0),
        *("case", PERSON.id, FILE),
    ),
    Draft("d2", PERSON.id, '{"note": "kanari-draft"}', T0),
    # With an invitation, which has these two, nobody finds its case.
    replace(some.ENTRY, uid=MAILED[0], token=MAILED[1]),
)


async def fill(database: SqlDatabase) -> None:
    await database.write(lambda uow: uow.add(*OPEN, *SECRET))
    await database.write(
        lambda uow: uow.enqueue(
            Notification(Kind.INTRUDER, "ask", "case", PERSON.id, params=Occurrence(f"{PERSON.id}:x")),
            Notification(Kind.HOME, PERSON.id, recipient=PERSON.id),
        )
    )


def close_case(uow: UnitOfWork) -> None:
    (case,) = uow.find(Case, id="case")
    uow.change(case, closed_at=T0, delete_on=T0.date())


async def erase_case(database: SqlDatabase) -> None:
    await database.write(close_case)
    await database.write(lambda uow: forget_case(uow, "case"))


async def test_keys_change_and_nothing_else_does(
    database: SqlDatabase, database_url: str, clock: SettableClock, tmp_path: Path
) -> None:
    """The old master key may have leaked: nothing that it wrapped is left in the key store's files."""
    await fill(database)
    backup, old, new = tmp_path / "before.backup", read_secret(SECRET_KEY), new_secret()
    await database.back_up(backup)
    everything = await database.read(lambda uow: [uow.find(kind) for kind in STORED])
    waiting = [row.key for row in await waiting_in(database)]
    sealed = await database._transactions.read(lambda c: set(c.scalars(select(documents.c.sealed))))
    await database.close()

    async with opened(database_url, clock) as stopped:
        assert await stopped.seal_anew() == len(sealed) + 2
        # Interrupted here, it is run again.
        assert await stopped.seal_anew() == len(sealed) + 2
        anew = await stopped._transactions.read(lambda c: set(c.scalars(select(documents.c.sealed))))
        assert not anew & sealed
        keystore = stopped.keyring.keystore
        wrapped_by_old = {row.wrapped for row in keystore.all() if row.wrapped}
        stopped.keyring.change_master(new)
        assert keystore.file is not None
        files, kept = all_named(keystore.file), {row.wrapped for row in keystore.all() if row.wrapped}
    assert [key in files for key in kept] == [True] * len(wrapped_by_old)
    assert not [key for key in wrapped_by_old if key in files]

    async with opened(database_url, clock, old) as left_behind:
        await must_fail(WrongSecretKey, left_behind.check_schema())
    async with opened(database_url, clock, new) as restarted:
        await restarted.check_schema()
        assert await restarted.read(lambda uow: [uow.find(kind) for kind in STORED]) == everything
        assert [row.key for row in await waiting_in(restarted)] == waiting
        await restarted.write(lambda uow: uow.add(some.GUIDANCE))
    # With both in the environment, commands go on until the old one is taken out; so does an older backup.
    with closing(Keyring(keystore_at(database_url), old, new)) as keyring:
        assert (await asyncio.to_thread(restore, database_url, keyring, backup, replace=True))[1]


async def test_a_case_that_is_erased_while_it_is_read_is_read_again(database: SqlDatabase) -> None:
    await fill(database)
    seen: list[bool] = []

    def look(uow: UnitOfWork) -> bool:
        if not seen:
            # Between two statements of one snapshot somebody else erases the case.
            database.keyring.destroy("case/case")
        seen.append(uow.case_file("case") is None)
        if len(seen) == 1:
            raise LookupError
        return seen[-1]

    assert await database.read(look) is True
    assert len(seen) == 2


def dump(url: str, folder: Path) -> bytes:
    """Return what a dump of the database contains: on PostgreSQL every table of every schema."""
    if url.startswith("sqlite"):
        copy = folder / "night.db"
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        return copy.read_bytes()
    return dumped(url)


async def test_last_nights_dump_tells_nothing_and_it_and_the_backup_do_not_open_an_erased_case(
    database: SqlDatabase, database_url: str, tmp_path: Path
) -> None:
    await fill(database)
    entry = AuditEntry(Action.INVITE_AGENCY, "actor-kanari:", "case", Right.CASE_COORDINATOR, f"{PERSON.id}:")
    await database.log.note(T0, entry)
    backup = tmp_path / "night.backup"
    await database.back_up(backup)
    night = dump(database_url, tmp_path)
    assert b"directory" in night, "the search sees what is clear"
    assert [canary for canary in (*CANARIES, "k7f3", "TOT Bergen") if canary.encode() in night] == []
    keystore = database.keyring.keystore
    assert keystore.file is not None
    ((key,), kept) = [row.wrapped for row in keystore.all("case/case")], all_named(keystore.file)
    assert key is not None
    assert key in kept, "so it is found where it is"
    assert key not in night
    assert key not in backup.read_bytes()

    await erase_case(database)
    await database.close()
    assert key not in all_named(keystore.file), "nor is it left in the key store"


def files_of(url: str) -> bytes:
    """Return this database's files in PostgreSQL's data directory, tables and indexes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        query = "SELECT setting || '/base/' || d.oid FROM pg_settings, pg_database d"
        row = connection.execute(f"{query} WHERE name = 'data_directory' AND datname = current_database()")
        (folder,) = row.fetchone() or ("",)
    return b"".join(file.read_bytes() for file in Path(folder).iterdir())


async def test_postgresqls_files_hold_nothing_of_an_erased_case(
    postgres_database_url: str, clock: SettableClock
) -> None:
    """Not even sealed: neither the case nor what was told of it."""
    database = open_database(postgres_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN, POSTED))
    with psycopg.connect(postgres_database_url) as connection:
        told = connection.execute("SELECT sealed FROM ledgers WHERE scope = 'case/case'")
        case = connection.execute("SELECT sealed FROM documents WHERE kind = 'case' AND id = 'case'")
        pieces = [row[0][100:600] for found in (told, case) for row in found]
    before = files_of(postgres_database_url)
    assert [piece in before for piece in pieces] == [True, True]
    await erase_case(database)
    for claim in (await database.outbox.claim(99)).rows:
        await database.outbox.end(claim)
    await database.outbox.tidy()
    after = files_of(postgres_database_url)
    assert [piece in after for piece in pieces] == [False, False]
    await database.close()


def test_a_process_that_was_killed_leaves_no_copy_of_a_destroyed_key(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    wrapped = secrets.token_bytes(60)
    killed = Keystore(f"sqlite:///{before}/keys")
    killed.put(Wrapped("case/a", 1, wrapped, ""))
    with killed.transaction() as connection:
        connection.execute(update(keys).values(wrapped=None))
    shutil.copytree(before, after)
    killed.close()
    files = [*after.iterdir()]
    assert any(wrapped in file.read_bytes() for file in files)
    started = Keystore(f"sqlite:///{after}/keys")
    started.destroy([])
    assert not any(wrapped in file.read_bytes() for file in after.iterdir())
    started.close()


def test_an_export_that_was_killed_or_had_no_room_leaves_no_copy_of_a_destroyed_key(tmp_path: Path) -> None:
    store = Keystore(f"sqlite:///{tmp_path}/keys")
    store.put(Wrapped("case/a", 1, secrets.token_bytes(60), ""))
    export = tmp_path / "exports" / "export"
    export.parent.mkdir()
    store.copy_to(export.with_name(".export.part"))
    store.destroy(["case/a"])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))  # as on a full disk
    with pytest.raises(OperationalError):
        store.copy_to(export)
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [*export.parent.iterdir()] == []
    store.copy_to(export)
    assert [*export.parent.iterdir()] == [export]
    store.close()


def test_an_sqlite_file_does_not_hold_its_own_keys(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "tot.db")
    for itself in (url, str(tmp_path / "tot.db"), f"{tmp_path}/./tot.db"):
        with pytest.raises(KeysInDatabase, match="TOT_KEYSTORE is the database itself"):
            keystore_url(url, itself)
    assert keystore_url(url, str(tmp_path / "keys.db")) == sqlite_url(tmp_path / "keys.db")

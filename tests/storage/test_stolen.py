"""Last night's dump or backup, in the hands of somebody who has the master key, after a case was erased."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.usecases.lifecycle.closing import forget_case
from storage.crypto.keystore import SHARED, Keystore, keystore_url
from storage.crypto.master_key import KeysBesideLock, new_secret, read_secret, secret_of_environment
from storage.database import SqlDatabase
from storage.installation import change_master
from tests.databases import SECRET_KEY, SettableClock, keystore_at, keystore_of, open_database, opened
from tests.e2e.at_rest import all_named, dumped
from tests.storage.entities import OPEN, POSTED
from tests.storage.test_crypto import close_case, fill

#: A nonce, a key, a tag.
WRAPPED = 12 + 32 + 16


def dump(url: str, folder: Path) -> bytes:
    """All that a dump of the database holds: on PostgreSQL every table of every schema of it."""
    if url.startswith("sqlite"):
        copy = folder / "night.db"
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        return copy.read_bytes()
    return dumped(url)


def keys_found(stolen: bytes, scope: str) -> list[bytes]:
    """Every key of this scope in these bytes that the master key unwraps, wherever in them it stands."""
    master = AESGCM(read_secret(SECRET_KEY).raw)
    place = f"key:{scope}:1".encode()
    found: list[bytes] = []
    # What is wrapped is as chance would have it: no zeros in a row stand in it, nor text alone. Three stand
    # after it, in a dump, and one may be its own last.
    for part in re.split(rb"\0{6,}", stolen):
        for at in range(len(part) - WRAPPED + 1):
            window = part[at : at + WRAPPED]
            if not window.isascii():
                with suppress(InvalidTag):
                    found.append(master.decrypt(window[:12], window[12:], place))
    return found


async def test_last_nights_dump_and_backup_do_not_open_an_erased_case(
    database: SqlDatabase, database_url: str, tmp_path: Path
) -> None:
    await fill(database)
    backup = tmp_path / "night.backup"
    await database.back_up(backup)
    night = dump(database_url, tmp_path)
    keystore = keystore_at(database_url)
    assert keystore.file is not None
    assert len(keys_found(all_named(keystore.file), "case/case")) >= 1, "so a key is found where one is"
    assert keys_found(night, "case/case") == []
    assert keys_found(backup.read_bytes(), "case/case") == []

    await database.write(close_case)
    await database.write(lambda uow: forget_case(uow, "case"))
    await database.close()
    assert keys_found(all_named(keystore.file), "case/case") == [], "nor is it left in the key store"
    keystore.close()


def files_of(url: str) -> bytes:
    """The files of this database in PostgreSQL's data directory, tables and indexes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        query = "SELECT setting || '/base/' || d.oid FROM pg_settings, pg_database d"
        row = connection.execute(f"{query} WHERE name = 'data_directory' AND datname = current_database()")
        (folder,) = row.fetchone() or ("",)
    return b"".join(file.read_bytes() for file in Path(folder).iterdir())


async def test_postgresqls_files_hold_nothing_of_an_erased_case(
    postgres_database_url: str, clock: SettableClock
) -> None:
    """Not as it was sealed either: neither the case nor what was told of it."""
    database = open_database(postgres_database_url, clock)
    await database.write(lambda uow: uow.add(*OPEN, POSTED))
    with psycopg.connect(postgres_database_url) as connection:
        told = connection.execute("SELECT sealed FROM ledgers WHERE scope = 'case/case'")
        case = connection.execute("SELECT sealed FROM documents WHERE kind = 'case' AND id = 'case'")
        pieces = [row[0][100:600] for found in (told, case) for row in found]
    before = files_of(postgres_database_url)
    assert [piece in before for piece in pieces] == [True, True]
    await database.write(close_case)
    await database.write(lambda uow: forget_case(uow, "case"))
    for claim in (await database.outbox.claim(99)).rows:
        await database.outbox.done(claim)
    await database.outbox.forget_done()
    after = files_of(postgres_database_url)
    assert [piece in after for piece in pieces] == [False, False]
    await database.close()


@pytest.mark.parametrize("store", ["", "itself"])
async def test_a_dump_would_hold_the_keys_of_a_store_in_the_database(
    postgres_database_url: str, clock: SettableClock, tmp_path: Path, store: str
) -> None:
    """The reason of the refusal: with the keys beside the lock the same attack succeeds."""
    async with opened(postgres_database_url, clock) as database:
        await fill(database)
        kept = database.keyring.keystore.all()
    with closing(Keystore(postgres_database_url)) as beside, beside.changing() as connection:
        beside.put(connection, *kept)
    assert len(keys_found(dump(postgres_database_url, tmp_path), "case/case")) == 1
    with pytest.raises(KeysBesideLock, match=r"TOT_KEYSTORE is (missing|the database itself)"):
        keystore_url(postgres_database_url, postgres_database_url if store else None)
    assert str(keystore_of(postgres_database_url)).startswith(SHARED)


async def test_an_old_master_key_opens_nothing_left(sqlite_database_url: str, clock: SettableClock) -> None:
    """It may have leaked: what it wrapped is not to lie in the key store's file, or beside it, any more."""
    old, new = secret_of_environment(), new_secret()
    running = open_database(sqlite_database_url, clock, old)
    await running.write(lambda uow: uow.add(*OPEN))
    keystore = keystore_at(sqlite_database_url)
    wrapped_by_old = [row.wrapped for row in keystore.all()]
    change_master(keystore, old, new)
    (heir,) = [row.wrapped for row in keystore.all() if row.scope.startswith("succession/")]
    restarted = open_database(sqlite_database_url, clock, new)
    await restarted.check_schema()
    restarted.keyring.forget_old_master()
    assert keystore.file is not None
    raw = all_named(keystore.file)
    kept = [row.wrapped for row in keystore.all()]
    for database in (running, restarted):
        await database.close()
    keystore.close()
    assert all(wrapped and wrapped in raw for wrapped in kept)
    assert not [wrapped for wrapped in (*wrapped_by_old, heir) if wrapped and wrapped in raw]

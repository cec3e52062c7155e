"""`tot backup` and `tot restore`: one consistent state of the database in a sealed file, made during writes.

On either database it is a SQLite database that is sealed, and it can be put back into either. Before it is a
header that anybody may read, and that is sealed with it.

A backup holds documents as they are sealed, without the cases' keys: a case that is erased later cannot be
read from it. It holds no forms that wait to be sent.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, create_engine, func, insert, select, update
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from bot.domain.errors import TotError
from storage import migrate
from storage.active import RUNNING_LOCK, lock_file
from storage.crypto.keyring import BACKUP, Keyring, ScopeKeys, seal, unseal
from storage.crypto.master_key import KeyLost
from storage.installation import sealed_known, unlock
from storage.ledgers.store import Ledgers, hold_back
from storage.partial import partial_file
from storage.schema import KNOWN, NEWEST, metadata
from storage.schema.documents import DRAFT, documents
from storage.schema.infrastructure import installation
from storage.sealed_rows import Known
from storage.transactions import database_url, file_of

MAGIC = b"TOT BACKUP 3\n"
#: How much is sealed at once, in bytes.
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """When the backup was made, and how many deliveries are read back before they are posted."""

    made_at: datetime
    held_back: int


def back_up(source: Connection, keyring: Keyring, path: Path, now: datetime) -> None:
    """Write a backup to a new file, readable only by its owner, whole or not at all.

    `source` is a transaction that sees one state of the database.

    Raises:
        FileExistsError: the file exists.
    """
    if path.exists():
        raise FileExistsError(path)
    made = {"revision": NEWEST, "made_at": now.astimezone(UTC).isoformat()}
    header = MAGIC + json.dumps(made).encode() + b"\n"
    with partial_file(path, "copy") as copy, partial_file(path, "part") as part:
        migrate.upgrade(f"sqlite:///{copy}")
        with _engine(f"sqlite:///{copy}").begin() as there:
            _copy_rows(source, there)
        with copy.open("rb") as content:
            _write(part, chain([header], _sealed(content, _keys(keyring), header)))
        os.link(part, path)


def restore(
    url: str, keyring: Keyring, path: Path, *, replace: bool = False, now: datetime | None = None
) -> Restored:
    """Put a backup back, also one that an earlier version made: it is migrated before it replaces anything.

    For a day the bot looks for every message in Slack before it posts it.

    Raises:
        TotError: that would destroy something, or this is no whole backup of this installation.
    """
    database = file_of(url)
    header, made = _header(path)
    if made.get("revision") not in KNOWN:
        raise TotError(
            f"this version does not know the backup's revision {made.get('revision')}: restore it with "
            "the version that made it"
        )
    with _stopped(database), tempfile.TemporaryDirectory(prefix="tot-restore-") as folder:
        if not replace:
            _refuse_if_there_is_one(url)
        content = _unsealed(path, _keys(keyring), header)
        made_at = datetime.fromisoformat(str(made["made_at"]))
        when = {"restored_at": now or datetime.now(UTC), "restored_from": made_at}
        with _unpacked(database or Path(folder) / "tot.db", keyring, content, when) as (part, held_back):
            if database is not None:
                _put_in_place(part, database)
            else:
                _copy_to_server(part, url)
        return Restored(made_at, held_back)


def _header(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Return a backup's header, as written and as read."""
    with path.open("rb") as file:
        magic, made = file.readline(BLOCK), file.readline(BLOCK)
    try:
        read: dict[str, Any] = json.loads(made if magic == MAGIC else b"")
    except ValueError:
        raise TotError("this file is not a backup, or another version made it") from None
    return magic + made, read


def _sealed(content: BinaryIO, keys: ScopeKeys, header: bytes) -> Iterator[bytes]:
    """Yield the content in sealed blocks, each after its size.

    Each is bound to the header, to its number and to whether it is the last: none can be moved or cut off.
    """
    block, number = content.read(BLOCK), 0
    while block:
        after = content.read(BLOCK)
        sealed = seal(keys, _place(header, number, last=not after), block)
        yield len(sealed).to_bytes(4) + sealed
        block, number = after, number + 1


def _unsealed(path: Path, keys: ScopeKeys, header: bytes) -> Iterator[bytes]:
    """Yield the content of a backup. It is known to be whole only after the last block."""
    with path.open("rb") as file:
        file.seek(len(header))
        size, number = file.read(4), 0
        while size or not number:
            sealed, size = file.read(int.from_bytes(size)), file.read(4)
            try:
                yield unseal(keys, _place(header, number, last=not size), sealed)
            except KeyLost:
                raise TotError("the backup is damaged, or another installation made it") from None
            number += 1


def _place(header: bytes, number: int, *, last: bool) -> bytes:
    return header + f"{number}{' last' * last}".encode()


def _write(part: Path, content: Iterable[bytes]) -> None:
    with part.open("wb") as file:
        file.writelines(content)
        file.flush()
        os.fsync(file.fileno())


def _keys(keyring: Keyring) -> ScopeKeys:
    keys = keyring.keys(BACKUP)
    if keys is None:
        raise KeyLost(
            "the key store has no key for backups: import its export first (`tot keys import`), or set "
            "TOT_KEYSTORE to the backup's key store"
        )
    return keys


def _refuse_if_there_is_one(url: str) -> None:
    lost = "--replace puts the backup in its place, and what people have done since is lost"
    try:
        with migrate.existing(url) as connection:
            is_there = connection is not None and sealed_known(connection) is not None
    except OperationalError:
        raise
    except DatabaseError as error:
        raise TotError(f"the database cannot be read ({error.orig}): {lost}") from None
    if is_there:
        raise TotError(f"there is a database: {lost}")


def _engine(url: str) -> Engine:
    return create_engine(database_url(url), poolclass=NullPool)


def _copy_rows(source: Connection, target: Connection) -> None:
    """Copy every table, in the order of its key.

    Without drafts: sealed with the installation's key, they could be read after their case's key is gone.
    """
    for table in metadata.sorted_tables:
        rows = select(table).order_by(*table.primary_key).execution_options(yield_per=100)
        if table is documents:
            rows = rows.where(documents.c.kind != DRAFT)
        for some in source.execute(rows).mappings().partitions():
            target.execute(insert(table), list(map(dict, some)))


@contextlib.contextmanager
def _unpacked(
    database: Path, keyring: Keyring, content: Iterable[bytes], when: Mapping[str, datetime]
) -> Iterator[tuple[Path, int]]:
    """Yield the content of a backup as a file next to `database`, of the newest revision, to be put back.

    Also yield how many of its deliveries are held back.
    """
    with partial_file(database, "restoring") as part:
        _write(part, content)
        migrate.upgrade(f"sqlite:///{part}")
        with _engine(f"sqlite:///{part}").begin() as connection:
            unlock(connection, keyring)
            connection.execute(update(installation).values(**when))
            held_back = hold_back(Ledgers(connection, keyring, Known()))
        yield part, held_back


def _put_in_place(part: Path, database: Path) -> None:
    for left in ("-wal", "-shm"):
        database.with_name(f"{database.name}{left}").unlink(missing_ok=True)
    part.replace(database)


@contextlib.contextmanager
def _stopped(database: Path | None) -> Iterator[None]:
    """Keep a bot from starting on a SQLite database; PostgreSQL's lock is taken in the transaction."""
    lock = None if database is None else lock_file(database)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _copy_to_server(part: Path, url: str) -> None:
    migrate.upgrade(url)
    with _engine(f"sqlite:///{part}").connect() as source, _engine(url).begin() as connection:
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(RUNNING_LOCK))):
            raise TotError("a running bot uses the database: stop it first")
        # The log's append-only trigger is off only in this transaction, which replaces everything.
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)}")
        _copy_rows(source, connection)
        connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER USER")

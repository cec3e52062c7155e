"""`tot backup` and `tot restore`: one consistent state of the database in a sealed file, made during writes.

On either database it is a SQLite database that is sealed, and it can be put back into either.

A backup holds documents as they are sealed, without the cases' keys: a case that is erased later cannot be
read from it. It holds no forms that wait to be sent.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import URL, Connection, Engine, create_engine, func, insert, make_url, select, update
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from bot.domain.errors import TotError
from storage import migrate
from storage.active import RUNNING_LOCK, lock_file
from storage.backup_format import BLOCK, SealedWriter, read_blocks, read_header
from storage.crypto.keyring import BACKUP, FIXED, Keyring
from storage.crypto.master_key import KeyLost
from storage.crypto.transaction_keys import TransactionKeys
from storage.installation import unlock
from storage.ledgers.store import Ledgers, hold_back
from storage.partial import partial_file
from storage.schema import KNOWN, metadata, revision_of
from storage.schema.documents import DRAFT, documents
from storage.schema.infrastructure import audit, installation, receipts
from storage.sealed_rows import Known
from storage.transactions import database_url


class CannotRestore(TotError):
    """Restoring would destroy something, or would not give a working database."""


@dataclass(frozen=True, slots=True)
class Restored:
    """When the backup was made, and how many deliveries are read back before they are posted."""

    made_at: datetime
    held_back: int


def back_up(url: str, keyring: Keyring, path: Path, now: datetime) -> None:
    """Write a backup of the database to a new file, readable only by its owner, whole or not at all.

    Raises:
        FileExistsError: the file exists.
    """
    parsed = database_url(url)
    if path.exists():
        raise FileExistsError(path)
    kind = parsed.get_backend_name()
    beside = Path(parsed.database or "") if kind == "sqlite" else path
    with _beside(path, "part") as (part, file), _beside(beside, "copy") as (copy, _):
        (_copy_sqlite if kind == "sqlite" else _copy_postgresql)(parsed, copy)
        with _engine(_sqlite(copy)).connect() as frozen:
            newest = _newest(frozen)
            header = {
                "revision": revision_of(frozen),
                "made_at": now.astimezone(UTC).isoformat(),
                "newest": None if newest is None else newest.isoformat(),
            }
        writer = SealedWriter(file, _key(keyring, make=True), header)
        with copy.open("rb") as content:
            shutil.copyfileobj(content, writer, BLOCK)
        writer.end()
        file.flush()
        os.fsync(file.fileno())
        os.link(part, path)


def restore(
    url: str, keyring: Keyring, path: Path, *, over_newer: bool = False, now: datetime | None = None
) -> Restored:
    """Put a backup back, also one that an earlier version made: it is migrated before it replaces anything.

    For a day the bot looks for every message in Slack before it posts it.
    """
    parsed = database_url(url)
    with path.open("rb") as file:
        header = read_header(file)
        if header.get("revision") not in KNOWN:
            raise CannotRestore(
                f"this version does not know the backup's revision {header.get('revision')}: restore it with "
                "the version that made it"
            )
        with _stopped(parsed):
            if not over_newer:
                _refuse_over_newer(url, header.get("newest"))
            put = _restore_sqlite if parsed.get_backend_name() == "sqlite" else _restore_postgresql
            made_at = datetime.fromisoformat(str(header["made_at"]))
            when = {"restored_at": now or datetime.now(UTC), "restored_from": made_at}
            held_back = put(parsed, keyring, file, when)
    return Restored(made_at, held_back)


@contextlib.contextmanager
def _beside(path: Path, what: str) -> Iterator[tuple[Path, BinaryIO]]:
    """Yield a new file next to `path`, readable only by its owner; delete it at the end."""
    with (
        partial_file(path, what) as part,
        os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        yield part, file


def _key(keyring: Keyring, *, make: bool = False) -> AESGCM:
    keys = keyring.keys(BACKUP, FIXED)
    if keys is None and make:
        keyring.create([BACKUP], FIXED)
        keys = keyring.keys(BACKUP, FIXED)
    if keys is None:
        raise KeyLost(
            "the key store has no key for backups: import its export first (`tot keys import`), or set "
            "TOT_KEYSTORE to the backup's key store"
        )
    return keys.aead


def _newest(connection: Connection) -> datetime | None:
    """Return the time of the newest receipt or log entry."""
    last = (connection.scalar(select(func.max(column))) for column in (receipts.c.received_at, audit.c.at))
    return max((at for at in last if at is not None), default=None)


def _refuse_over_newer(url: str, newest: str | None) -> None:
    lost = "--over-newer replaces it, and what people have done since the backup is lost"
    try:
        with migrate.existing(url) as connection:
            here = None if connection is None else _newest(connection)
    except OperationalError:
        raise
    except DatabaseError as error:
        raise CannotRestore(f"the database cannot be read ({error.orig}): {lost}") from None
    if here is not None and (newest is None or here > datetime.fromisoformat(newest)):
        raise CannotRestore(f"the database has newer entries ({here:%Y-%m-%d %H:%M} UTC): {lost}")


def _engine(parsed: URL) -> Engine:
    return create_engine(parsed, poolclass=NullPool)


def _sqlite(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


def _copy_sqlite(parsed: URL, copy: Path) -> None:
    with contextlib.closing(sqlite3.connect(parsed.database or "")) as connection:
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("VACUUM INTO ?", (str(copy),))
    with contextlib.closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM documents WHERE kind = ?", (DRAFT,))


def _copy_postgresql(parsed: URL, copy: Path) -> None:
    migrate.upgrade(f"sqlite:///{copy}")
    engine = create_engine(parsed, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as connection, _engine(_sqlite(copy)).begin() as there:
        _copy_rows(connection, there)


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


def _hold_back(connection: Connection, keyring: Keyring, when: Mapping[str, datetime]) -> int:
    connection.execute(update(installation).values(**when))
    return hold_back(Ledgers(connection, TransactionKeys(keyring, connection), Known()))


@contextlib.contextmanager
def _unsealed(database: Path, keyring: Keyring, backup: BinaryIO) -> Iterator[Path]:
    """Yield the content of a backup as a file next to `database`, once all of it is known to be genuine."""
    with _beside(database, "restoring") as (part, file):
        for block in read_blocks(backup, _key(keyring)):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
        with _engine(_sqlite(part)).connect() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok":
                raise CannotRestore("the database in the backup is damaged")
        migrate.upgrade(f"sqlite:///{part}")
        yield part


def _restore_sqlite(parsed: URL, keyring: Keyring, backup: BinaryIO, when: Mapping[str, datetime]) -> int:
    database = Path(parsed.database or "")
    _merge(database)
    with _unsealed(database, keyring, backup) as part:
        with _engine(_sqlite(part)).begin() as connection:
            unlock(connection, keyring)
            held_back = _hold_back(connection, keyring, when)
        for left in ("-wal", "-shm"):
            database.with_name(f"{database.name}{left}").unlink(missing_ok=True)
        part.replace(database)
        return held_back


@contextlib.contextmanager
def _stopped(parsed: URL) -> Iterator[None]:
    """Keep a bot from starting on a SQLite database; PostgreSQL's lock is taken in the transaction."""
    lock = lock_file(Path(parsed.database or "")) if parsed.get_backend_name() == "sqlite" else None
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _merge(database: Path) -> None:
    """Leave WAL mode, which merges the WAL into the file; SQLite refuses while others have it open."""
    if not database.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError:
        raise CannotRestore("another program has the database open: stop that one first") from None
    except sqlite3.DatabaseError:
        pass  # it is damaged, which is why it is replaced


def _restore_postgresql(parsed: URL, keyring: Keyring, backup: BinaryIO, when: Mapping[str, datetime]) -> int:
    migrate.upgrade(make_url(parsed).render_as_string(hide_password=False))
    with (
        tempfile.TemporaryDirectory(prefix="tot-restore-") as folder,
        _unsealed(Path(folder) / "tot.db", keyring, backup) as part,
        _engine(_sqlite(part)).connect() as source,
        _engine(parsed).begin() as connection,
    ):
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(RUNNING_LOCK))):
            raise CannotRestore("a running bot uses the database: stop it first")
        # The log's append-only trigger is off only in this transaction, which replaces everything.
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)}")
        _copy_rows(source, connection)
        connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER USER")
        unlock(connection, keyring)
        return _hold_back(connection, keyring, when)

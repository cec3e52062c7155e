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
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from bot.domain.errors import TotError
from storage import migrate
from storage.active import RUNNING_LOCK, lock_file
from storage.crypto.keyring import BACKUP, Keyring, seal, unseal
from storage.crypto.master_key import KeyLost
from storage.installation import known_mark, unlock
from storage.ledgers.store import Ledgers, hold_back
from storage.partial import partial_file
from storage.schema import KNOWN, NEWEST, metadata
from storage.schema.documents import DRAFT, documents
from storage.schema.infrastructure import installation
from storage.sealed_rows import Known
from storage.transactions import file_of

MAGIC = b"TOT BACKUP 4\n"


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
        with migrate.connecting(f"sqlite:///{copy}") as there:
            _copy_rows(source, there)
        _write(part, header + seal(keyring.needed(BACKUP), header, copy.read_bytes()))
        os.link(part, path)


def restore(
    url: str, keyring: Keyring, path: Path, *, replace: bool = False, now: datetime | None = None
) -> tuple[datetime, int]:
    """Put a backup back, also one that an earlier version made: it is migrated before it replaces anything.

    For a day the bot looks for every message in Slack before it posts it. Return when the backup was made,
    and how many deliveries waited then.

    Raises:
        TotError: that would destroy something, or this is no whole backup of this installation.
    """
    database = file_of(url)
    with contextlib.ExitStack() as stack:
        if database is not None:
            # No bot starts meanwhile; PostgreSQL's lock is taken in the transaction.
            stack.callback(os.close, lock_file(database))
        if not replace:
            _refuse_if_there_is_one(url)
        made_at, content = _opened(path, keyring)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tot-restore-"))
        part = stack.enter_context(partial_file(database or Path(folder) / "tot.db", "restoring"))
        _write(part, content)
        migrate.upgrade(f"sqlite:///{part}")
        with migrate.connecting(f"sqlite:///{part}") as connection:
            unlock(connection, keyring)
            when = {"restored_at": now or datetime.now(UTC), "restored_from": made_at}
            connection.execute(update(installation).values(**when))
            held_back = hold_back(Ledgers(connection, keyring, Known()))
        if database is None:
            _copy_to_server(part, url)
        else:
            for left in ("-wal", "-shm"):
                database.with_name(f"{database.name}{left}").unlink(missing_ok=True)
            part.replace(database)
    return made_at, held_back


def _opened(path: Path, keyring: Keyring) -> tuple[datetime, bytes]:
    """Return when a backup was made, and the database in it."""
    with path.open("rb") as file:
        magic, made, sealed = file.readline(), file.readline(), file.read()
    try:
        read = json.loads(made if magic == MAGIC else b"")
    except ValueError:
        raise TotError("this file is not a backup, or another version made it") from None
    if read.get("revision") not in KNOWN:
        raise TotError(
            f"this version does not know the backup's revision {read.get('revision')}: restore it with "
            "the version that made it"
        )
    keys = keyring.needed(BACKUP)
    try:
        return datetime.fromisoformat(read["made_at"]), unseal(keys, magic + made, sealed)
    except KeyLost:
        raise TotError("the backup is damaged, or another installation made it") from None


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _refuse_if_there_is_one(url: str) -> None:
    lost = "--replace puts the backup in its place, and what people have done since is lost"
    try:
        with migrate.existing(url) as connection:
            is_there = connection is not None and known_mark(connection) is not None
    except OperationalError:
        raise
    except DatabaseError as error:
        raise TotError(f"the database cannot be read ({error.orig}): {lost}") from None
    if is_there:
        raise TotError(f"there is a database: {lost}")


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


def _copy_to_server(part: Path, url: str) -> None:
    migrate.upgrade(url)
    with migrate.connecting(f"sqlite:///{part}") as source, migrate.connecting(url) as connection:
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(RUNNING_LOCK))):
            raise TotError("a running bot uses the database: stop it first")
        # The log's append-only trigger is off only in this transaction, which replaces everything.
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)}")
        _copy_rows(source, connection)
        connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER USER")

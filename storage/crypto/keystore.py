"""The store of wrapped keys, outside the database, so that a backup of the database alone cannot be read.

A key is destroyed by overwriting it; a mark stays that it was destroyed, so that it is never taken for lost.
A key store on SQLite is a file of its own with secure_delete; on PostgreSQL, a schema of another database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateSchema

from storage.crypto.master_key import KeyringError, KeysInDatabase
from storage.partial import partial_file
from storage.transactions import database_url, file_of, postgresql_engine, sqlite_engine

SCHEMA = "tot_keys"
#: Prefix of a file's name in TOT_KEYSTORE: every process of the bot uses this same file.
SHARED = "shared:"

metadata = MetaData(schema=SCHEMA)
keys = Table(
    "keys",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("wrapped", LargeBinary),
    Column("master", Text, nullable=False),
)
_KEYS = select(keys).order_by(keys.c.scope, keys.c.generation)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A stored key: `wrapped` is None after it was destroyed, `master` is its master key's fingerprint."""

    scope: str
    generation: int
    wrapped: bytes | None
    master: str


def alive(rows: Iterable[Wrapped]) -> set[str]:
    """Return the scopes that have a key."""
    return {row.scope for row in rows if row.wrapped is not None}


def destroyed(rows: Sequence[Wrapped]) -> set[str]:
    """Return the scopes whose keys have all been destroyed."""
    return {row.scope for row in rows} - alive(rows)


class Keystore:
    """The key store at `url`. It connects at the first use, and is created when the first key is stored."""

    def __init__(self, url: str) -> None:
        self._url = database_url(url)
        #: The key store's file; None on PostgreSQL.
        self.file = file_of(url)
        self.postgresql = self.file is None
        self._engine: Engine | None = None
        #: At start too: a process that was killed may have left copies.
        self._unscrubbed = True

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction; the first one makes the key store."""
        try:
            with self._opened().begin() as connection:
                yield connection
        except DBAPIError as error:
            # Otherwise it looks like the database's.
            error.add_note("the key store" if self.file is None else f"the key store ({self.file})")
            raise

    def all(self, *scopes: str) -> list[Wrapped]:
        """Return the keys of these scopes, or all; none if there is no key store yet."""
        if not self._is_there():
            return []
        with self.transaction() as connection:
            query = _KEYS.where(keys.c.scope.in_(scopes)) if scopes else _KEYS
            return [Wrapped(*row) for row in connection.execute(query)]

    def put(self, *rows: Wrapped) -> None:
        """Store new keys; a key that is there already, destroyed or not, stays as it is."""
        statement = (
            f"INSERT INTO {f'{SCHEMA}.' if self.postgresql else ''}keys (scope, generation, wrapped, master)"  # noqa: S608
            " VALUES (:scope, :generation, :wrapped, :master) ON CONFLICT DO NOTHING"
        )
        with self.transaction() as connection:
            connection.execute(text(statement), [asdict(row) for row in rows])

    def replace(self, rows: Iterable[Wrapped]) -> None:
        """Overwrite the stored keys of the same scope and generation, all or none."""
        with self.transaction() as connection:
            for row in rows:
                here = (keys.c.scope == row.scope) & (keys.c.generation == row.generation)
                connection.execute(update(keys).where(here).values(wrapped=row.wrapped, master=row.master))

    def destroy(self, scopes: Sequence[str]) -> None:
        """Overwrite every generation of these keys, and remaining copies of destroyed keys in the file."""
        if scopes:
            self.put(*(Wrapped(scope, 0, None, "") for scope in scopes))
            with self.transaction() as connection:
                connection.execute(update(keys).where(keys.c.scope.in_(scopes)).values(wrapped=None))
            self._unscrubbed = True
        if self._unscrubbed and self._is_there():
            self._unscrubbed = not self.scrub()

    def scrub(self) -> bool:
        """Remove copies of what was overwritten from the file (PostgreSQL: from the table).

        Return False if a reader still needs some: they are left in SQLite's log.
        """
        engine = self._opened().execution_options(isolation_level="AUTOCOMMIT")
        if self.postgresql:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"VACUUM FULL {SCHEMA}.keys")
            return True
        raw = self._opened().raw_connection()
        try:
            raw.cursor().execute("VACUUM").close()
            busy, *_ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        finally:
            raw.close()

    def copy_to(self, path: Path) -> int:
        """Write every key, still wrapped, to a SQLite file that replaces `path`, whole or not at all.

        Return how many have not been destroyed. The file is a key store that TOT_KEYSTORE can name, and that
        says which keys have been destroyed.
        """
        rows = self.all()
        with partial_file(path, "part") as part:
            with closing(Keystore(f"sqlite:///{part}")) as copy:
                copy.put(*rows)
            part.replace(path)
        return sum(row.wrapped is not None for row in rows)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    def _is_there(self) -> bool:
        """Return whether to open it: a file is made only when the first key is stored."""
        return self._engine is not None or self.file is None or self.file.exists()

    def _opened(self) -> Engine:
        """Return the engine; at first make the key store, unless it is there.

        Raise KeysInDatabase if the bot's tables are there too: a database has several addresses.
        """
        if self._engine is None:
            if self.postgresql:
                engine = postgresql_engine(self._url)
            else:
                # Not IMMEDIATE: a long write blocks no reads.
                engine = sqlite_engine(self._url, begin="BEGIN")
                engine = engine.execution_options(schema_translate_map={SCHEMA: None})
            with engine.begin() as connection:
                if self.postgresql:
                    if connection.scalar(select(func.to_regclass("ledgers"))) is not None:
                        raise KeysInDatabase("TOT_KEYSTORE is the database itself")
                    # Otherwise two processes that start at the same time would both make it.
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": 0x746F746B})
                    connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
                metadata.create_all(connection)
            self._engine = engine
        return self._engine


def keystore_url(database: str, keystore: str | None) -> str:
    """Return the URL of a database's key store: `keystore`, a file or a URL, or next to an SQLite file.

    For `tot.db` that is `tot-keys.db` in the same folder. PostgreSQL needs another database, or a file that
    is declared as shared by every process: a dump of the database must not hold its keys.
    """
    database_file = file_of(database)
    if not keystore:
        if database_file is None:
            raise KeysInDatabase("TOT_KEYSTORE is missing")
        return f"sqlite:///{database_file.with_name(f'{database_file.stem}-keys.db')}"
    shared = keystore.startswith(SHARED)
    keystore = keystore.removeprefix(SHARED)
    url = keystore if "://" in keystore else f"sqlite:///{keystore}"
    file = file_of(url)
    if file is not None and database_file is not None and file.resolve() == database_file.resolve():
        raise KeysInDatabase("TOT_KEYSTORE is the database itself")
    if file is not None and database_file is None and not shared:
        raise KeysInDatabase("TOT_KEYSTORE is a file without «shared:» before it")
    return url


def keys_in(path: Path) -> list[Wrapped]:
    """Return every key of an exported key store, without changing it."""
    log = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if log.exists() else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)) as connection:
            found = connection.execute("SELECT scope, generation, wrapped, master FROM keys").fetchall()
    except sqlite3.Error:
        raise KeyringError(f"{path} is not a key store: name a file from `tot keys export`") from None
    return [Wrapped(*row) for row in found]

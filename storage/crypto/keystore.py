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
    event,
    func,
    select,
    text,
    update,
)
from sqlalchemy.engine import ExceptionContext
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
        with self._opened().begin() as connection:
            yield connection

    def all(self, *scopes: str) -> list[Wrapped]:
        """Return the keys of these scopes, or all; none if there is no key store yet."""
        if not self.exists():
            return []
        with self.transaction() as connection:
            query = _KEYS.where(keys.c.scope.in_(scopes)) if scopes else _KEYS
            return [Wrapped(*row) for row in connection.execute(query)]

    def exists(self) -> bool:
        """Return whether the key store has been made, without making it."""
        if self._engine is not None:
            return True
        if self.file is not None:
            return self.file.exists()
        return self._has_table(f"{SCHEMA}.keys")

    def refuse_same_database(self) -> None:
        """Raise KeysInDatabase if the bot's tables are here too: a database has several addresses."""
        if self.postgresql and self._has_table("ledgers"):
            raise KeysInDatabase("TOT_KEYSTORE is the database itself")

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
        if self._unscrubbed and self.exists():
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

    def _has_table(self, name: str) -> bool:
        """Return whether there is a table on PostgreSQL, without making anything there."""
        engine = self._engine or self._naming(postgresql_engine(self._url))
        try:
            with engine.connect() as connection:
                return connection.scalar(select(func.to_regclass(name))) is not None
        finally:
            if engine is not self._engine:
                engine.dispose()

    def _opened(self) -> Engine:
        if self._engine is None:
            if self.postgresql:
                engine = self._naming(postgresql_engine(self._url))
            else:
                # Not IMMEDIATE: a long write blocks no reads.
                engine = self._naming(sqlite_engine(self._url, begin="BEGIN"))
                engine = engine.execution_options(schema_translate_map={SCHEMA: None})
            with engine.begin() as connection:
                if self.postgresql:
                    # Otherwise two processes that start at the same time would both make it.
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": 0x746F746B})
                    connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
                metadata.create_all(connection)
            self._engine = engine
        return self._engine

    def _naming(self, engine: Engine) -> Engine:
        """Add the key store's name to its errors, which otherwise look like the database's."""
        which = "the key store" if self.file is None else f"the key store ({self.file})"

        @event.listens_for(engine, "handle_error")
        def name(context: ExceptionContext) -> None:
            if context.sqlalchemy_exception is not None:
                context.sqlalchemy_exception.add_note(which)

        return engine


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

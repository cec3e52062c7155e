"""Where wrapped keys live: outside the database, so that no backup of it can be read by itself.

A key is destroyed by overwriting it; that it was destroyed stays, so that it is never taken for lost.
A key store on SQLite is a file of its own with secure_delete; on PostgreSQL it is a schema of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateSchema

from storage.transactions import database_url, postgresql_engine, sqlite_engine

SCHEMA = "tot_keys"
#: Scopes that pass the new master key on to processes that still have the old one.
SUCCESSION = "succession/"

metadata = MetaData(schema=SCHEMA)
keys = Table(
    "keys",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("wrapped", LargeBinary),
    Column("master", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key as it is kept: `wrapped` is None once it has been destroyed, `master` names what it needs."""

    scope: str
    generation: int
    wrapped: bytes | None
    master: str


class Keystore:
    """The key store at `url`. Nothing is connected, and no file made, until it is used."""

    def __init__(self, url: str) -> None:
        self._url = database_url(url)
        self.postgresql = self._url.get_backend_name() == "postgresql"
        self._engine: Engine | None = None

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """One transaction that may write, alone where keys are replaced (`lock`)."""
        with self._opened().begin() as connection:
            yield connection

    def all(self, *scopes: str) -> list[Wrapped]:
        """The keys of these scopes, or all."""
        with self.changing() as connection:
            return self.within(connection, *scopes)

    def within(self, connection: Connection, *scopes: str) -> list[Wrapped]:
        """The same, as a transaction of the key store sees it."""
        query = select(keys).order_by(keys.c.scope, keys.c.generation)
        if scopes:
            query = query.where(keys.c.scope.in_(scopes))
        return [Wrapped(*row) for row in connection.execute(query)]

    def put(self, connection: Connection, *rows: Wrapped) -> None:
        """Keep new keys; one that is there already, destroyed or not, stays as it is."""
        dialect = postgresql if self.postgresql else sqlite
        statement = dialect.insert(keys).on_conflict_do_nothing()
        connection.execute(statement, [_values(row) for row in rows])

    def held(self, connection: Connection, scope: str) -> list[Wrapped]:
        """The keys of one scope; nobody replaces them before this transaction ends."""
        query = select(keys).where(keys.c.scope == scope).with_for_update(read=True)
        return [Wrapped(*row) for row in connection.execute(query)]

    def replace(self, connection: Connection, rows: Iterable[Wrapped]) -> None:
        """Write these keys over those of the same scope and generation."""
        for row in rows:
            here = (keys.c.scope == row.scope) & (keys.c.generation == row.generation)
            connection.execute(update(keys).where(here).values(wrapped=row.wrapped, master=row.master))

    def for_replacing(self, connection: Connection) -> list[Wrapped]:
        """Every key; nobody makes or replaces one before the transaction ends."""
        if self.postgresql:
            connection.exec_driver_sql(f"LOCK TABLE {SCHEMA}.keys IN EXCLUSIVE MODE")
        query = select(keys).order_by(keys.c.scope, keys.c.generation)
        return [Wrapped(*row) for row in connection.execute(query)]

    def destroy(self, scopes: Sequence[str]) -> None:
        """Overwrite every generation of these keys, and what the file still holds of them."""
        with self.changing() as connection:
            self.put(connection, *(Wrapped(scope, 0, None, "") for scope in scopes))
            connection.execute(update(keys).where(keys.c.scope.in_(scopes)).values(wrapped=None))
        self.scrub()

    def forget(self, connection: Connection, starting: str) -> int:
        """Remove the scopes that begin so: they have served. Return how many."""
        found = func.substr(keys.c.scope, 1, len(starting)) == starting
        return connection.execute(delete(keys).where(found)).rowcount

    def scrub(self) -> None:
        """Leave no copy of what was overwritten in the file (PostgreSQL: in the table)."""
        engine = self._opened().execution_options(isolation_level="AUTOCOMMIT")
        if self.postgresql:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"VACUUM FULL {SCHEMA}.keys")
            return
        raw = self._opened().raw_connection()
        try:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.cursor().execute(statement).close()
        finally:
            raw.close()

    def copy_to(self, path: Path) -> int:
        """Write every key that has not been destroyed, still wrapped, to an SQLite file; how many.

        The file is a key store that TOT_KEYSTORE can name.
        """
        rows = [row for row in self.all() if not row.scope.startswith(SUCCESSION)]
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        copy = Keystore(f"sqlite:///{path}")
        with copy.changing() as connection:
            copy.put(connection, *rows)
        copy.scrub()
        copy.close()
        return sum(row.wrapped is not None for row in rows)

    def close(self) -> None:
        """Close every connection."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _opened(self) -> Engine:
        if self._engine is None:
            engine = (
                postgresql_engine(self._url)
                if self.postgresql
                else sqlite_engine(self._url).execution_options(schema_translate_map={SCHEMA: None})
            )
            with engine.begin() as connection:
                if self.postgresql:
                    # Two processes that start at once would both make it.
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": 0x746F746B})
                    connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
                metadata.create_all(connection)
            self._engine = engine
        return self._engine


def keystore_url(database: str, keystore: str | None) -> str:
    """Where the keys of a database are: `keystore` if it is set (a file or a URL), else next to it.

    For an SQLite file `tot.db` that is `tot-keys.db` in the same folder; PostgreSQL has a schema of its own.
    """
    if keystore:
        return keystore if "://" in keystore or keystore.startswith("sqlite:") else f"sqlite:///{keystore}"
    parsed = database_url(database)
    if parsed.get_backend_name() == "postgresql":
        return database
    path = Path(parsed.database or "")
    return f"sqlite:///{path.with_name(f'{path.stem}-keys.db')}"


def _values(row: Wrapped) -> dict[str, object]:
    return {
        "scope": row.scope,
        "generation": row.generation,
        "wrapped": row.wrapped,
        "master": row.master,
    }

"""Upgrades of the schema to the newest revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.schema import NEWEST, refuse_unknown, revision_of
from storage.transactions import database_url, file_of, postgresql_engine, sqlite_engine

#: Key of the lock that makes a second upgrade wait on PostgreSQL: «tot» in ASCII.
_UPGRADE_LOCK = 0x746F74


def upgrade(url: str) -> bool:
    """Upgrade to the newest revision, completely or not at all; return False if there was nothing to do.

    A second upgrade waits for the first.
    """
    with connecting(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
        found = revision_of(connection)
        refuse_unknown(found)
        if found == NEWEST:
            return False
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return True


@contextmanager
def connecting(url: str) -> Iterator[Connection]:
    """Open one transaction on the database at `url`."""
    parsed = database_url(url)
    engine = (postgresql_engine if parsed.get_backend_name() == "postgresql" else sqlite_engine)(parsed)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def existing(url: str) -> Iterator[Connection | None]:
    """As `connecting`; None, and nothing is created, if the database does not exist or has no schema yet."""
    file = file_of(url)
    if file is not None and not file.exists():
        yield None
        return
    with connecting(url) as connection:
        yield connection if revision_of(connection) is not None else None


def configuration() -> Config:
    """Return Alembic's configuration: the revisions are part of this package."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config

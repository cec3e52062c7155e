"""A log from before there was an index of people: each row stays as it was, and so does its guard."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, select
from sqlalchemy.exc import DBAPIError

from storage import audit_guards, migrate
from storage.schema.infrastructure import audit
from storage.transactions import database_url as with_driver
from tests.databases import PostgresServer, sqlite_url

ROW = "1, '2026-11-01 10:00:00', 'served', NULL, %s, %s, %s"
BYTES = {"sqlite": ("x'0a'", "x'0b'", "x'0c'"), "postgresql": (r"'\x0a'", r"'\x0b'", r"'\x0c'")}


def test_on_sqlite(tmp_path: Path) -> None:
    _upgrade(sqlite_url(tmp_path / "old.db"), "sqlite")


def test_on_postgresql(postgres: PostgresServer) -> None:
    with postgres.clone("template0") as url:
        _upgrade(url, "postgresql")


def _upgrade(url: str, kind: str) -> None:
    engine = create_engine(with_driver(url))
    config = migrate.configuration()
    with engine.begin() as connection:
        config.attributes |= {"connection": connection, "applied": lambda **_: None}
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO audit VALUES (" + ROW % BYTES[kind] + ")")  # noqa: S608
    migrate.upgrade(url)
    with engine.connect() as connection:
        (row,) = connection.execute(select(audit)).all()
        assert (row.number, row.event) == (1, "served")
        assert (row.scope_ref, row.body, row.hash) == (b"\n", b"\v", b"\f")
        assert (row.actor_ix, row.subject_ix) == (None, None)
        assert audit_guards.faults(connection) == []
        with pytest.raises(DBAPIError, match="append-only"):
            connection.exec_driver_sql("DELETE FROM audit")
    engine.dispose()

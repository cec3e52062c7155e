"""Whether the schema is the newest one, asked at every start: without Alembic, which takes long to load."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

#: The newest revision of `storage.migrations`. A test holds it against them.
NEWEST = "0014"


def check(connection: Connection) -> None:
    """SchemaError, with one line that says what to do, unless the schema is at the newest revision."""
    if not is_newest(connection):
        from storage import migrate  # to say what is wrong

        migrate.check(connection)


def is_newest(connection: Connection) -> bool:
    """Whether nothing is left to migrate."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [NEWEST]

"""SQLAlchemy's dialects, such that what one engine has compiled need not be compiled by another.

A statement is compiled once for each dialect, and every engine has a dialect of its own: for writing, for
reading, for the key store. These are equal to each other, and keep what is compiled in one place. That is
sound because no engine here is configured in a way on which the text of a statement depends.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

SQLITE = "sqlite+alike"
POSTGRESQL = "postgresql+alike"

#: For `create_engine`. There are as many as there are statements in the code: values are not part of them.
COMPILED_ONCE: dict[str, Any] = {"compiled_cache": {}}


class _Alike:
    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class Sqlite(_Alike, SQLiteDialect_pysqlite):
    """SQLite through Python's own driver, which does not begin transactions: the dialect does, by `begin`."""

    supports_statement_cache = True
    begin = "BEGIN"

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction."""
        dbapi_connection.cursor().execute(self.begin).close()


class Postgresql(_Alike, PGDialect_psycopg):
    """PostgreSQL through psycopg."""

    supports_statement_cache = True


for _name, _class in ((SQLITE, Sqlite), (POSTGRESQL, Postgresql)):
    registry.register(_name.replace("+", "."), __name__, _class.__name__)

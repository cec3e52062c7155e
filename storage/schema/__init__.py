"""The tables: documents and ledgers, sealed whole, the log, receipts, and one row of the installation."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.schema import (  # noqa: F401 - so that `metadata` has them all
    documents,
    infrastructure,
    ledgers,
)
from storage.schema.columns import metadata

__all__ = ["NEWEST", "is_newest", "metadata"]

_VERSIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"
#: The newest revision, by the names of the files: asked at every start, where Alembic takes long to load.
NEWEST = max(path.name[:4] for path in _VERSIONS.glob("[0-9]*.py"))


def is_newest(connection: Connection) -> bool:
    """Return whether nothing is left to migrate."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [NEWEST]
